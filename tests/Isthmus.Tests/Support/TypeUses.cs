using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

using Types = System.Collections.Immutable.ImmutableArray<System.Reflection.Metadata.TypeDefinitionHandle>;

namespace Isthmus.Tests.Support;

/// <summary>
/// Which type of an assembly uses which other of the same assembly, by its metadata: what it derives from, holds, takes, gives, and
/// what the code of its methods names. Types that lie in another count as that one. A constant leaves no trace where it is used.
/// </summary>
internal sealed class TypeUses : ISignatureTypeProvider<Types, object?>
{
    private static readonly Dictionary<int, OpCode> _codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value & 0xFFFF);

    private readonly PEReader _file;
    private readonly MetadataReader _metadata;
    private readonly HashSet<(TypeDefinitionHandle User, TypeDefinitionHandle Used)> _uses = [];

    private TypeUses(PEReader file) => (_file, _metadata) = (file, file.GetMetadataReader());

    /// <summary>The uses, by namespace and name.</summary>
    public static IReadOnlyList<((string Namespace, string Name) User, (string Namespace, string Name) Used)> Of(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var uses = new TypeUses(file);
        foreach (var handle in uses._metadata.TypeDefinitions) uses.Read(handle);
        return [.. uses._uses.Select(use => (uses.NameOf(use.User), uses.NameOf(use.Used)))];
    }

    private (string Namespace, string Name) NameOf(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        return (_metadata.GetString(type.Namespace), _metadata.GetString(type.Name));
    }

    private void Read(TypeDefinitionHandle handle)
    {
        var type = _metadata.GetTypeDefinition(handle);
        Use(handle, TypesOf(type.BaseType));
        foreach (var of in type.GetInterfaceImplementations())
            Use(handle, TypesOf(_metadata.GetInterfaceImplementation(of).Interface));
        foreach (var field in type.GetFields()) Use(handle, _metadata.GetFieldDefinition(field).DecodeSignature(this, null));
        foreach (var of in type.GetMethods())
        {
            var method = _metadata.GetMethodDefinition(of);
            Use(handle, TypesOf(method.DecodeSignature(this, null)));
            if (method.RelativeVirtualAddress == 0 || (method.ImplAttributes & MethodImplAttributes.CodeTypeMask) != 0) continue;
            var body = _file.GetMethodBody(method.RelativeVirtualAddress);
            if (!body.LocalSignature.IsNil)
                foreach (var local in _metadata.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(this, null))
                    Use(handle, local);
            ReadCode(handle, body.GetILReader());
        }
    }

    private void ReadCode(TypeDefinitionHandle user, BlobReader code)
    {
        while (code.RemainingBytes > 0)
        {
            int value = code.ReadByte();
            var operation = _codes[value == 0xFE ? 0xFE00 | code.ReadByte() : value];
            switch (operation.OperandType)
            {
                case OperandType.InlineNone:
                    break;
                case OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar:
                    code.Offset += 1;
                    break;
                case OperandType.InlineVar:
                    code.Offset += 2;
                    break;
                case OperandType.InlineI8 or OperandType.InlineR:
                    code.Offset += 8;
                    break;
                case OperandType.InlineSwitch:
                    int targets = code.ReadInt32();
                    code.Offset += 4 * targets;
                    break;
                case OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType:
                    Use(user, TypesOf(MetadataTokens.EntityHandle(code.ReadInt32())));
                    break;
                default:
                    code.Offset += 4;
                    break;
            }
        }
    }

    private void Use(TypeDefinitionHandle user, Types used)
    {
        foreach (var of in used)
            if (Outermost(of) != Outermost(user)) _uses.Add((Outermost(user), Outermost(of)));
    }

    private TypeDefinitionHandle Outermost(TypeDefinitionHandle handle)
    {
        while (_metadata.GetTypeDefinition(handle).GetDeclaringType() is { IsNil: false } outer) handle = outer;
        return handle;
    }

    private Types TypesOf(EntityHandle handle)
    {
        if (handle.IsNil) return [];
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                return [(TypeDefinitionHandle)handle];
            case HandleKind.TypeSpecification:
                return _metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
            case HandleKind.FieldDefinition:
                var field = _metadata.GetFieldDefinition((FieldDefinitionHandle)handle);
                return [field.GetDeclaringType(), .. field.DecodeSignature(this, null)];
            case HandleKind.MethodDefinition:
                var method = _metadata.GetMethodDefinition((MethodDefinitionHandle)handle);
                return [method.GetDeclaringType(), .. TypesOf(method.DecodeSignature(this, null))];
            case HandleKind.MethodSpecification:
                var of = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                return [.. TypesOf(of.Method), .. of.DecodeSignature(this, null).SelectMany(types => types)];
            case HandleKind.MemberReference:
                var member = _metadata.GetMemberReference((MemberReferenceHandle)handle);
                return [.. TypesOf(member.Parent), .. member.GetKind() is MemberReferenceKind.Field
                    ? member.DecodeFieldSignature(this, null) : TypesOf(member.DecodeMethodSignature(this, null))];
            default:
                return [];
        }
    }

    private static Types TypesOf(MethodSignature<Types> signature) =>
        [.. signature.ReturnType, .. signature.ParameterTypes.SelectMany(types => types)];

    public Types GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        [handle];

    public Types GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => [];

    public Types GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => TypesOf(handle);

    public Types GetGenericInstantiation(
        Types genericType, ImmutableArray<Types> typeArguments) =>
        [.. genericType, .. typeArguments.SelectMany(types => types)];

    public Types GetFunctionPointerType(MethodSignature<Types> signature) =>
        TypesOf(signature);

    public Types GetModifiedType(
        Types modifier, Types unmodifiedType, bool isRequired) => unmodifiedType;

    public Types GetArrayType(Types elementType, ArrayShape shape) => elementType;

    public Types GetByReferenceType(Types elementType) => elementType;

    public Types GetPinnedType(Types elementType) => elementType;

    public Types GetPointerType(Types elementType) => elementType;

    public Types GetSZArrayType(Types elementType) => elementType;

    public Types GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

    public Types GetGenericMethodParameter(object? genericContext, int index) => [];

    public Types GetGenericTypeParameter(object? genericContext, int index) => [];
}
