using System.Globalization;

namespace Isthmus.Benchmarks;

/// <summary>
/// CPU time of <c>isthmus read --count</c>, of everything and of one origin, on real files beside other decoders, as ratios in one run.
/// </summary>
internal sealed class Beside
{
    // Looked for on the path where no command is named. What counts and prints nothing is the nearest to ours.
    private static readonly string[] _known = ["parsebgp -q -s -s -i -i mrt:{}", "bgpdump -m {}"];

    private readonly List<string> _others = [], _files = [];
    private string _program, _origin = "3356";
    private int _rounds = 7;

    private Beside(string program) => _program = program;

    /// <summary>Prints the table.</summary>
    /// <param name="arguments">
    /// Files, and <c>--beside COMMAND</c>, in which <c>{}</c> is the file, <c>--rounds N</c>, <c>--origin AS</c>, <c>--program PROGRAM</c>.
    /// </param>
    /// <param name="program">Ours where none is named.</param>
    public static int Run(string[] arguments, string program)
    {
        var table = new Beside(program);
        for (int i = 0; i < arguments.Length; i++)
        {
            switch (arguments[i])
            {
                case "--beside":
                    table._others.Add(arguments[++i]);
                    break;
                case "--rounds":
                    table._rounds = int.Parse(arguments[++i], CultureInfo.InvariantCulture);
                    break;
                case "--origin":
                    table._origin = arguments[++i];
                    break;
                case "--program":
                    table._program = arguments[++i];
                    break;
                default:
                    table._files.Add(arguments[i]);
                    break;
            }
        }
        if (table._others.Count == 0) table._others.AddRange(_known.Where(command => Measured.IsOnPath(command.Split(' ')[0])));
        table.Print();
        return 0;
    }

    private void Print()
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Program: {_program}, commit {Measured.Commit()}."));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"CPU time of whole processes in ms, the least of {_rounds} rounds, all of them in turn: other load can only add to it."));
        Console.WriteLine();
        Console.WriteLine($"| file | MB | the other | its ms | count, ms | origin {_origin}, ms | ratio, count | ratio, origin {_origin} |");
        Console.WriteLine("|---|---:|---|---:|---:|---:|---:|---:|");
        foreach (string file in _files)
        {
            string quoted = $"'{file.Replace("'", "'\\''", StringComparison.Ordinal)}'";
            double[] least = Least([
                $"{_program} read --count {quoted}", $"{_program} read --count --where 'origin {_origin}' {quoted}",
                .. _others.Select(other => other.Contains("{}", StringComparison.Ordinal)
                    ? other.Replace("{}", quoted, StringComparison.Ordinal) : $"{other} {quoted}")]);
            for (int i = 0; i < _others.Count; i++)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"| {Path.GetFileName(file)} | {new FileInfo(file).Length / 1e6:0.0} | {Path.GetFileName(_others[i].Split(' ')[0])} | {least[2 + i] * 1e3:0}"
                    + $" | {least[0] * 1e3:0} | {least[1] * 1e3:0} | {least[0] / least[2 + i]:0.00} | {least[1] / least[2 + i]:0.00} |"));
        }
    }

    // In turn, so that a busy minute of the machine meets all of them. Ours ends with 3 where the file has a fault.
    private double[] Least(string[] commands)
    {
        double[] least = [.. commands.Select(_ => double.MaxValue)];
        for (int round = 0; round < _rounds; round++)
            for (int i = 0; i < commands.Length; i++)
                least[i] = Math.Min(least[i], Measured.Run($"{{ {commands[i]} || [ $? -eq 3 ]; }}").Cpu);
        return least;
    }
}
