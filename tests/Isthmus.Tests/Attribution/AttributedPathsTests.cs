using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Attribution;

public sealed class AttributedPathsTests
{
    private static readonly RegistrySnapshot _registry = new([new(["test"],
        [Fact(131279, "KP"), Fact(65000, "KP"), Fact(100, "IR"), Fact(200, "IR"), Fact(300, "IR"), Fact(1299, "SE")], [], [])]);

    [Fact]
    public void The_upstream_of_a_network_stands_left_of_it()
    {
        var said = Of("AS131279", "3333 1103 4837 131279");
        Assert.True(said.OfSubject && said.IsTransit);
        Assert.Equal((new Asn(4837), new Asn(1103)), (said.Upstream, said.SecondUpstream));
    }

    [Fact]
    public void A_forged_path_with_the_subject_in_its_middle_is_not_the_subjects()
    {
        Assert.False(Of("AS131279", "30844 39138 22351 131279 51040").OfSubject);
        Assert.False(Of("KP", "30844 39138 22351 131279 51040").OfSubject);
    }

    [Fact]
    public void A_vantage_point_next_to_the_origin_proves_a_link_and_no_transit() => Assert.False(Of("AS131279", "20485 131279").IsTransit);

    [Fact]
    public void The_origin_itself_has_no_upstream() => Assert.Null(Of("AS131279", "131279").Upstream);

    [Fact]
    public void A_countrys_upstream_is_the_first_foreign_as_on_the_way_out()
    {
        var said = Of("IR", "3333 1299 200 100");
        Assert.Equal((new Asn(1299), new Asn(200)), (said.Upstream, said.Gateway));
        Assert.False(said.ComesBack);
    }

    [Fact]
    public void A_path_that_comes_back_into_the_country_is_flagged_and_its_first_exit_counts()
    {
        var said = Of("IR", "3333 300 1299 200 100");
        Assert.True(said.ComesBack);
        Assert.Equal(new Asn(1299), said.Upstream);
    }

    [Theory]
    [InlineData("AS131279", "AS131279")]
    [InlineData("131279", "AS131279")]
    [InlineData("AS 131279", "AS131279")]
    [InlineData("kp", "KP")]
    [InlineData("North Korea", "KP")]
    [InlineData("175.45.176.0/22", "175.45.176.0/22")]
    public void A_subject_is_a_network_a_country_or_a_prefix(string text, string canonical) =>
        Assert.Equal(canonical, Subjects.Resolve(text, RegistrySnapshot.Shipped, out _)!.Text);

    [Theory]
    [InlineData("Nort Korea", "KP")]
    [InlineData("175.45.176.7/22", "175.45.176.0/22")]
    [InlineData("175.45.176.0/99", "is no prefix")]
    [InlineData("64512", "reserved")]
    [InlineData("nowhere at all", "give one as")]
    public void A_subject_that_is_none_is_refused_with_what_to_do(string text, string hint)
    {
        Assert.Null(Subjects.Resolve(text, RegistrySnapshot.Shipped, out string? error));
        Assert.Contains(hint, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error!);
    }

    private static AttributedPath Of(string subject, string path)
    {
        var table = new PathTable();
        int id = table.Intern(ParsedPath.Of(path));
        return new AttributedPaths(table, Subjects.Resolve(subject, _registry, out _)!, _registry, new())[id];
    }

    private static AsFact Fact(uint asn, string country) => new(new(asn), Country.Parse(country), "");
}
