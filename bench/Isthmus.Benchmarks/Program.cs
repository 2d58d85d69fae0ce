using Isthmus.Benchmarks;

return args switch
{
    ["read", var format, var file] => Ours.Read(format, file),
    _ => 1,
};
