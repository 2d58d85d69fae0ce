using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;

using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Tests.Wire;

/// <summary>What the documentation of Isthmus.Wire says of its surface. The compiler lets members and parameters of records pass.</summary>
public sealed partial class DocumentationTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Notions of this library, of which no standard speaks.</summary>
    private static readonly Type[] _own =
        [typeof(DecodeTally), typeof(IWireValue<>), typeof(RouteEventKinds), typeof(RouteEvents), typeof(RouteGlimpse),
            typeof(RouteSieve), typeof(ValueList<>), typeof(Verdict)];

    private static readonly Assembly _wire = typeof(Asn).Assembly;
    private static readonly Dictionary<string, XElement> _members = XDocument.Load(Path.ChangeExtension(_wire.Location, ".xml"))
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    [Fact]
    public void Every_public_member_says_what_it_means_and_so_does_each_parameter_of_a_constructor_and_of_a_delegate() =>
        Assert.Equal([], _wire.GetExportedTypes().SelectMany(Unsaid).ToArray());

    [Fact]
    public void Every_type_of_messages_and_records_names_its_standard_or_where_it_stands_what_no_standard_knows() =>
        Assert.Equal(_own.Select(type => type.Name), _wire.GetExportedTypes()
            .Where(type => !type.IsNested && type.Namespace != typeof(Asn).Namespace)
            .Where(type => !Source().IsMatch(_members["T:" + type.FullName].Value))
            .Select(type => type.Name).Order(StringComparer.Ordinal));

    private static IEnumerable<string> Unsaid(Type type)
    {
        string id = type.FullName!.Replace('+', '.');
        var called = type.IsSubclassOf(typeof(Delegate)) ? [type.GetMethod("Invoke")!] : type.GetConstructors().Cast<MethodBase>();
        foreach (var parameter in called.SelectMany(one => one.GetParameters()))
            if (!Of("T:" + id).Concat(Of($"M:{id}.#ctor")).Elements("param").Any(one => one.Attribute("name")!.Value == parameter.Name))
                yield return $"{id}({parameter.Name})";
        if (!Of("T:" + id).Any()) yield return id;
        if (type.IsSubclassOf(typeof(Delegate))) yield break;
        foreach (var same in type.GetMembers(Declared).Where(IsWritten).GroupBy(one => $"{one.MemberType.ToString()[0]}:{id}.{one.Name}"))
            if (Of(same.Key).Count() < same.Count()) yield return same.Key;
    }

    // Neither what the compiler adds, nor accessors, nor constructors, which are told of by their type and their parameters.
    private static bool IsWritten(MemberInfo member) => member is PropertyInfo or FieldInfo { IsSpecialName: false } or MethodInfo
        && !member.IsDefined(typeof(CompilerGeneratedAttribute)) && member.Name is not ['g' or 's', 'e', 't', '_', ..];

    private static IEnumerable<XElement> Of(string id) => _members
        .Where(one => one.Key == id || one.Key.StartsWith(id + '(', StringComparison.Ordinal)).Select(one => one.Value)
        .Where(one => one.Element("inheritdoc") is not null || one.Element("summary") is { } summary && summary.Value.Trim().Length > 0);

    [GeneratedRegex(@"RFC \d|docs/standards\.md|bgpdump|Quagga")]
    private static partial Regex Source();
}
