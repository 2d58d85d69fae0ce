using Isthmus.Benchmarks;

return args switch
{
    ["read", var format, var file] => Ours.Read(format, file),
    ["decompress", var file] => Ours.Decompress(file),
    _ => 2,
};
