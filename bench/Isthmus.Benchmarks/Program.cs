using System.Globalization;

using Isthmus.Benchmarks;

switch (args)
{
    case ["read", var format, var file]:
        return Ours.Read(format, file);
    case ["decompress", var file]:
        return Ours.Decompress(file);
    case ["allocation", var file]:
        return Allocation.Gate(file);
    case ["compare", var file, .. var rest]:
        using (var comparison = new Comparison(file, rest is [var rounds] ? int.Parse(rounds, CultureInfo.InvariantCulture) : 5))
            comparison.Run();
        return 0;
    default:
        Console.Error.WriteLine("""
            compare FILE [ROUNDS]   whole processes against bgpdump, igzip and lbzip2, on the file plain, as gz and as bz2
            allocation FILE         bytes allocated for an element; fails above one
            read count|line|json|csv FILE, decompress FILE   what the comparison times as ours
            """);
        return 2;
}
