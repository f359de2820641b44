using System.Reflection;
using System.Text;

namespace EdgeDropBack.Tests.Library;

/// <summary>The public surface of the package, member by member, as it was reviewed: PublicApi.txt.</summary>
public sealed class PublicApiTests
{
    const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Set EDGEDROPBACK_WRITE_GOLDEN=1 to write the file anew, and read the difference.</summary>
    [Fact]
    public void IsTheReviewedOne()
    {
        var file = Path.Combine(Repository.Root, "tests", "EdgeDropBack.Tests", "Library", "PublicApi.txt");
        var surface = Surface(typeof(EdbException).Assembly);
        if (Environment.GetEnvironmentVariable("EDGEDROPBACK_WRITE_GOLDEN") == "1") File.WriteAllText(file, surface);
        Assert.Equal(File.ReadAllText(file), surface);
    }

    [Fact]
    public void ShowsNothingOfTheKernels()
    {
        Assert.DoesNotContain("EdgeDropBack.Kernels", Surface(typeof(EdbException).Assembly), StringComparison.Ordinal);
    }

    static string Surface(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(t => t.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(type.FullName).Append('\n');
            foreach (var member in type.GetMembers(Declared).Where(IsShown).Select(Signature).Order(StringComparer.Ordinal))
                text.Append("    ").Append(member).Append('\n');
        }
        return text.ToString();
    }

    static string Kind(Type type) => type.IsEnum ? "enum" : type.IsInterface ? "interface" : type.IsValueType ? "struct" : type.IsAbstract && type.IsSealed ? "static class" : "class";

    /// <summary>What the compiler adds to a record is the same for all of them.</summary>
    static bool IsShown(MemberInfo member) => member switch
    {
        _ when member.Name is "Equals" or "GetHashCode" or "ToString" or "Deconstruct" or "EqualityContract" or "PrintMembers" or "value__" => false,
        _ when member.Name.Contains('<') || member.Name.StartsWith("op_", StringComparison.Ordinal) => false,
        MethodBase method => IsOpen(method) && (!method.IsSpecialName || method is ConstructorInfo) && !IsCopy(method),
        PropertyInfo property => property.GetAccessors(true).Any(IsOpen),
        FieldInfo field => field.IsPublic || field.IsFamily,
        _ => false,
    };

    static bool IsOpen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    static bool IsCopy(MethodBase method) =>
        method is ConstructorInfo && method.GetParameters() is [var only] && only.ParameterType == method.DeclaringType;

    static string Signature(MemberInfo member) => member switch
    {
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{(method.IsStatic ? "static " : "")}{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        PropertyInfo property => $"{(property.GetAccessors(true)[0].IsStatic ? "static " : "")}{Name(property.PropertyType)} {property.Name} {{ {Accessors(property)} }}",
        FieldInfo { IsLiteral: true } constant => $"const {constant.Name} = {constant.GetRawConstantValue()}",
        FieldInfo field => $"{Name(field.FieldType)} {field.Name}",
        _ => member.ToString()!,
    };

    static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(p => $"{Name(p.ParameterType)} {p.Name}"));

    static string Accessors(PropertyInfo property) => string.Join(" ", property.GetAccessors(true).Where(IsOpen).Select(Accessor));

    static string Accessor(MethodInfo method) => method.ReturnType == typeof(void)
        ? method.ReturnParameter.GetRequiredCustomModifiers().Any(m => m.Name == "IsExternalInit") ? "init;" : "set;"
        : "get;";

    static string Name(Type type) => !type.IsGenericType
        ? type.IsByRef ? $"ref {Name(type.GetElementType()!)}" : type.Name
        : $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
}
