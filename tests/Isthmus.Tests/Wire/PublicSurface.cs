using System.Reflection;
using System.Text;

namespace Isthmus.Tests.Wire;

/// <summary>What an assembly shows to others, a line for each member, in an order that does not change.</summary>
internal static class PublicSurface
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static string Of(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append($"{Kind(type)} {NameOf(type, true)}");
            if (type.IsEnum) text.Append($" : {NameOf(type.GetEnumUnderlyingType())}");
            text.Append('\n');
            foreach (string line in Members(type).Order(StringComparer.Ordinal)) text.Append($"  {line}\n");
        }
        return text.ToString();
    }

    private static string Kind(Type type) => type switch
    {
        { IsEnum: true } => "enum",
        { IsInterface: true } => "interface",
        _ when type.IsSubclassOf(typeof(Delegate)) => "delegate",
        { IsByRefLike: true } => "ref struct",
        { IsValueType: true } => "struct",
        { IsAbstract: true, IsSealed: true } => "static class",
        { IsSealed: true } => "sealed class",
        _ => "class",
    };

    private static IEnumerable<string> Members(Type type)
    {
        if (type.IsEnum)
        {
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
                yield return FormattableString.Invariant($"{field.Name} = {field.GetRawConstantValue()}");
            yield break;
        }
        if (type.IsSubclassOf(typeof(Delegate)))
        {
            yield return Signature(type.GetMethod("Invoke")!);
            yield break;
        }
        foreach (var field in type.GetFields(Declared).Where(field => field.IsPublic))
            yield return $"{(field.IsLiteral ? "const" : field.IsStatic ? "static" : "field")} {NameOf(field.FieldType)} {field.Name}"
                + (field.IsLiteral ? FormattableString.Invariant($" = {field.GetRawConstantValue()}") : "");
        foreach (var property in type.GetProperties(Declared).Where(property => property.GetMethod?.IsPublic is true))
            yield return $"{(property.GetMethod!.IsStatic ? "static " : "")}{NameOf(property.PropertyType)} {property.Name}"
                + (property.GetIndexParameters() is [var index] ? $"[{NameOf(index.ParameterType)}]" : "")
                + $" {{ get;{(property.SetMethod?.IsPublic is true ? IsInit(property) ? " init;" : " set;" : "")} }}";
        foreach (var one in type.GetConstructors(Declared).Where(one => one.IsPublic)) yield return $"new({Parameters(one)})";
        foreach (var method in type.GetMethods(Declared))
            if (method.IsPublic && !IsAccessor(method) && !IsOfRecord(type, method))
                yield return (method.IsStatic ? "static " : "") + Signature(method);
    }

    private static bool IsInit(PropertyInfo property) => property.SetMethod!.ReturnParameter.GetRequiredCustomModifiers().Length > 0;

    private static bool IsAccessor(MethodInfo method) => method.IsSpecialName && method.Name[..4] is ("get_" or "set_");

    // What the compiler adds to a record.
    private static bool IsOfRecord(Type type, MethodInfo method) =>
        type.GetMethod("PrintMembers", Declared) is not null
        && method.Name is "Equals" or "GetHashCode" or "Deconstruct" or "op_Equality" or "op_Inequality" or "<Clone>$";

    private static string Signature(MethodInfo method) => $"{NameOf(method.ReturnType)} {method.Name}({Parameters(method)})";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(one =>
        $"{(one.IsOut ? "out " : one.IsIn ? "in " : one.ParameterType.IsByRef ? "ref " : "")}{NameOf(one.ParameterType)} {one.Name}"
        + (one.HasDefaultValue ? " = " + Constant(one.RawDefaultValue) : "")));

    private static string Constant(object? value) =>
        value is null ? "default" : FormattableString.Invariant($"{value}").ToLowerInvariant();

    private static string NameOf(Type type, bool full = false)
    {
        if (type.IsByRef) return NameOf(type.GetElementType()!);
        if (type.IsArray) return NameOf(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } inner) return NameOf(inner) + "?";
        string name = full ? type.FullName!.Replace('+', '.') : type.Name;
        return name.IndexOf('`', StringComparison.Ordinal) is >= 0 and var tick
            ? $"{name[..tick]}<{string.Join(", ", type.GetGenericArguments().Select(one => NameOf(one)))}>"
                + (name.IndexOf('.', tick) is > 0 and var dot ? name[dot..] : "")
            : name;
    }
}
