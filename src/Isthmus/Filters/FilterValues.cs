using System.Globalization;

using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Filters;

/// <summary>Where a filter finds what is not in its text.</summary>
/// <param name="Registry">Who is registered where; asked only when a filter names a country.</param>
/// <param name="Lines">The lines of a list that a filter names.</param>
public sealed record FilterSources(Func<RegistrySnapshot> Registry, Func<string, IEnumerable<string>> Lines);

/// <summary>The values that a term gives to its field, read as what the field holds.</summary>
internal sealed class FilterValues(string text, FilterField field, FilterSources sources, List<Token> values)
{
    /// <summary>A value's text, and what to say where it is wrong: the place, and for a list the line.</summary>
    private readonly record struct Value(string Text, Token Token, int Line);

    public void MustBeOne()
    {
        if (values.Count > 1) throw new FilterException(text, values[1].Column, $"'{field.Name}' is compared with one value");
        if (values[0].Kind is TokenKind.File) throw new FilterException(text, values[0].Column, $"'{field.Name}' is compared with one value, not a list");
    }

    public Term ToTerm(Relation relation)
    {
        switch (field.Kind)
        {
            case FieldKind.Prefix:
                var list = new PrefixList(All().Select(value => Read(value, ReadPrefix)));
                return new PrefixTerm(list, relation switch
                {
                    Relation.Within => PrefixRelation.Within,
                    Relation.Covering => PrefixRelation.Covering,
                    Relation.Overlaps => PrefixRelation.Overlaps,
                    _ => PrefixRelation.Exact,
                });
            case FieldKind.Peer:
                return new PeerTerm(new(All().Select(value => Read(value, ReadPrefix))));
            case FieldKind.Time:
                return TimeTermOf(relation, Read(All().Single(), value =>
                    Timestamp.TryParse(value, null, out var time) ? time : Wrong<Timestamp>("time")).Microseconds);
            case FieldKind.Path:
                return new PathPatternTerm(HopPattern.Parse(
                    values[0].Text, (place, what) => new(text, values[0].TextColumn + place, what)));
            case FieldKind.Community:
                var communities = new CommunitySet();
                foreach (var value in All())
                    Read(value, one => communities.TryAdd(one) ? true : Wrong<bool>("community"));
                return new CommunityTerm(communities);
            case FieldKind.View:
                return new ViewTerm([.. All().Select(value => value.Text)]);
            case FieldKind.Name:
                string[] names = [.. All().Select(value => value.Text)];
                return new CollectorTerm(collector => names.Any(name => CollectorTerm.Fits(collector.Name, name)));
            case FieldKind.Project:
                Project[] projects = [.. All().Select(value => Read(value, ReadProject))];
                return new CollectorTerm(collector => projects.Contains(collector.Project));
            case FieldKind.Family:
                return new FamilyTerm([.. All().Select(value => Read(value, ReadFamily))]);
            case FieldKind.EventKind:
                return new KindTerm(All().Select(value => Read(value, ReadKind)).Aggregate((one, other) => one | other));
            default:
                return NumberTermOf(relation);
        }
    }

    private Term NumberTermOf(Relation relation)
    {
        var numbers = field.Kind is FieldKind.Country ? AsesOf(All()) : new NumberSet(All().Select(value => Read(value, ReadRange)));
        if (relation is Relation.Less or Relation.AtMost or Relation.More or Relation.AtLeast)
            numbers = new(Compared(relation, numbers.Ranges.Single()));
        return field.Name switch
        {
            "prefix-length" => new PrefixLengthTerm(numbers),
            "path-length" => new PathLengthTerm(numbers),
            "origin" or "origin-country" => new OriginTerm(numbers),
            "upstream" => new UpstreamTerm(numbers),
            "hop" or "hop-country" => new HopTerm(numbers),
            _ => new PeerAsTerm(numbers),
        };
    }

    private IEnumerable<(uint First, uint Last)> Compared(Relation relation, (uint First, uint Last) with)
    {
        if (with.First != with.Last) throw new FilterException(text, values[0].Column, $"'{field.Name}' is compared with one number, not a range");
        uint number = with.First;
        return relation switch
        {
            Relation.Less => number == 0 ? [] : [(0, number - 1)],
            Relation.AtMost => [(0, number)],
            Relation.More => number == uint.MaxValue ? [] : [(number + 1, uint.MaxValue)],
            _ => [(number, uint.MaxValue)],
        };
    }

    private static TimeTerm TimeTermOf(Relation relation, long time) => relation switch
    {
        Relation.Less => new(long.MinValue, time),
        Relation.AtMost => new(long.MinValue, time + 1),
        Relation.More => new(time + 1, long.MaxValue),
        _ => new(time, long.MaxValue),
    };

    private NumberSet AsesOf(IEnumerable<Value> countries)
    {
        var registry = sources.Registry();
        return new(countries.SelectMany(value => registry.AsesOf(Read(value, ReadCountry))).Select(asn => (asn.Number, asn.Number)));
    }

    // Every value; those of a list line by line. What is behind # is a remark.
    private IEnumerable<Value> All()
    {
        foreach (var token in values)
        {
            if (token.Kind is not TokenKind.File)
            {
                yield return new(token.Text, token, 0);
                continue;
            }
            int line = 0;
            foreach (string raw in LinesOf(token))
            {
                line++;
                int remark = raw.IndexOf('#', StringComparison.Ordinal);
                string value = (remark < 0 ? raw : raw[..remark]).Trim();
                if (value.Length > 0) yield return new(value, token, line);
            }
        }
    }

    private IEnumerable<string> LinesOf(Token token)
    {
        using var lines = Reading(token, () => sources.Lines(token.Text).GetEnumerator());
        while (Reading(token, lines.MoveNext)) yield return lines.Current;
    }

    // Lines are read one by one, so that each may be the one that cannot be.
    private T Reading<T>(Token token, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new FilterException(text, token.Column, failure is FileNotFoundException or DirectoryNotFoundException
                ? $"there is no file '{token.Text}'" : $"'{token.Text}' cannot be read: {failure.Message}");
        }
    }

    private T Read<T>(Value value, Func<string, T> read)
    {
        try
        {
            return read(value.Text);
        }
        catch (FormatException wrong)
        {
            string where = value.Line == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{value.Token.Text} line {value.Line}: ");
            throw new FilterException(text, value.Token.TextColumn, $"{where}'{value.Text}' {wrong.Message}");
        }
    }

    // An address alone is the prefix that holds nothing else.
    private Prefix ReadPrefix(string value)
    {
        if (IpAddress.TryParse(value, null, out var address)) return new(address, 128);
        if (Prefix.TryParse(value, null, out var prefix)) return prefix;
        int slash = value.IndexOf('/', StringComparison.Ordinal);
        if (slash > 0 && IpAddress.TryParse(value.AsSpan(0, slash), null, out address)
            && byte.TryParse(value.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out byte length)
            && length <= (address.Family is AddressFamily.IPv4 ? 32 : 128))
            throw new FormatException($"has bits beyond its length; did you mean {new Prefix(address, length)}?");
        return Wrong<Prefix>(field.Kind is FieldKind.Peer ? "address" : "prefix");
    }

    private (uint First, uint Last) ReadRange(string value)
    {
        int dash = value.IndexOf('-', StringComparison.Ordinal);
        uint first = ReadNumber(dash < 0 ? value : value[..dash]), last = dash < 0 ? first : ReadNumber(value[(dash + 1)..]);
        return first <= last ? (first, last) : throw new FormatException("ends before it begins");
    }

    private uint ReadNumber(string value) => field.Kind is FieldKind.AsNumber
        ? Asn.TryParse(value, null, out var asn) ? asn.Number : Wrong<uint>("AS number")
        : uint.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : Wrong<uint>("length");

    private Country ReadCountry(string value)
    {
        var called = CountryNames.Called(value);
        if (called is [var country]) return country;
        var near = called.Count > 0 ? called : CountryNames.Near(value, 3);
        if (near.Count == 0) return Wrong<Country>("country");
        throw new FormatException($"is no country; did you mean {string.Join(" or ", near.Select(one => $"{one} ({CountryNames.NameOf(one)})"))}?");
    }

    private Project ReadProject(string value) => value switch
    {
        "ris" => Project.Ris,
        "routeviews" => Project.RouteViews,
        "pch" => Project.Pch,
        _ => Wrong<Project>("project"),
    };

    private AddressFamily ReadFamily(string value) => value switch
    {
        "ipv4" => AddressFamily.IPv4,
        "ipv6" => AddressFamily.IPv6,
        _ => Wrong<AddressFamily>("family"),
    };

    // The longer words are those of JSON and CSV.
    private RouteEventKinds ReadKind(string value) => value switch
    {
        "rib" or "rib-entry" => RouteEventKinds.RibEntry,
        "announcement" => RouteEventKinds.Announcement,
        "withdrawal" => RouteEventKinds.Withdrawal,
        "state" or "peer-state" => RouteEventKinds.PeerState,
        _ => Wrong<RouteEventKinds>("kind"),
    };

    private T Wrong<T>(string what) => throw new FormatException($"is no {what}; '{field.Name}' wants {field.Wants}");
}
