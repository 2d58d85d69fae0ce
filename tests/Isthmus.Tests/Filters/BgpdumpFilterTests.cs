using Isthmus.Tests.Scenarios;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Filters;

/// <summary>Filters against what awk finds in the lines of Debian's bgpdump, on real files.</summary>
public sealed class BgpdumpFilterTests
{
    /// <summary>Filters and the same for awk. Fields of bgpdump's lines: 3 kind, 4 peer, 5 AS, 6 prefix, 7 path, 12 communities.</summary>
    private static readonly Dictionary<string, (string Filter, string Condition)[]> _same = new()
    {
        ["updates/ris.rrc00.updates.20150401.1400.gz"] =
        [
            ("peer-as 3333", "$5 == 3333"),
            ("peer 193.0.0.56", "$4 == \"193.0.0.56\""),
            ("kind withdrawal and family ipv6", "$3 == \"W\" && $6 ~ /:/"),
            ("kind state", "$3 == \"STATE\""),
            ("path ~ \"3356 .* [3549 1299]\"", "$3 == \"A\" && \" \" $7 \" \" ~ / 3356 (.* )?(3549|1299) /"),
            ("path ~ \"^3333 . .$\"", "$3 == \"A\" && $7 ~ /^3333 [^ ]+ [^ ]+$/"),
            ("path ~ \"(174|3356)+ 1-9999 .$\"", "$3 == \"A\" && $7 ~ /(^| )(174|3356) [1-9][0-9]?[0-9]?[0-9]? [^ ]+$/"),
            ("community 3356:*", "$3 == \"A\" && \" \" $12 ~ / 3356:/"),
            ("community *:666 or community no-export", "$3 == \"A\" && $12 \" \" ~ /:666 |no-export /"),
            ("prefix-length > 24 and family ipv4 and not kind withdrawal", "$3 == \"A\" && $6 ~ /\\.[0-9]+\\/(2[5-9]|3[0-2])$/"),
            ("prefix within 85.0.0.0/8", "$3 != \"STATE\" && $6 ~ /^85\\./ && $6 !~ /\\/[1-7]$/"),
        ],
        ["rib/routeviews.jinx.rib.20140530.2200.bz2"] =
        [
            ("origin 131279", "$7 ~ /(^| )131279$/"),
            ("hop 131279", "$7 ~ /(^|[ {,])131279($|[ },])/"),
            ("path ~ \"131279 .\"", "$7 ~ /(^| )131279 /"),
            ("path-length >= 8", "split($7, hops, \" \") >= 8"),
            ("prefix 175.45.176.0/24", "$6 == \"175.45.176.0/24\""),
            ("origin 65000-65534", "{ n = split($7, hops, \" \"); m = split(hops[n], set, /[{},]/); found = 0; "
                + "for (i = 1; i <= m; i++) if (set[i] + 0 >= 65000 && set[i] + 0 <= 65534) found = 1; if (found) print }"),
        ],
        ["rib/routeviews.route-views6.rib.20150922.1200.bz2"] =
        [
            ("prefix within 2001:200::/23 and peer-as 2497", "$5 == 2497 && $6 ~ /^2001:(2[0-9a-f][0-9a-f]|3[0-9a-f][0-9a-f]):/"),
        ],
    };

    public static TheoryData<string> Files => [.. _same.Keys];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_filter_gives_the_lines_that_awk_does(string name)
    {
        string path = RealData.Path(name);
        using var folder = new TemporaryFolder();
        string all = folder.Write("all", Bgpdump.Printed(path)), some = folder.Place("some");
        foreach (var (filter, condition) in _same[name])
        {
            Assert.Equal(0, Cli.Run("read", path, "--where", filter, "--out", some).ExitCode);
            var run = Cli.Bash($"set -o pipefail; awk -F'|' '{condition}' '{all}' | cmp - '{some}'");
            Assert.True(run.ExitCode == 0, filter + "\n" + run.Out + run.Err);
            Assert.NotEqual(0, new FileInfo(some).Length);
        }
    }
}
