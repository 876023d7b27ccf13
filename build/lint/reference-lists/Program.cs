// Writes the lists that build/lint/powershell51.ts compares with, from public reference assemblies:
//
//   types.txt        what a Windows PowerShell 5.1 on .NET Framework 4.7.2 has without Add-Type, a type on each line:
//                    name, base type and interfaces, members, separated by tabs. A static member begins with ":"; a
//                    method has its counts of arguments, of which "2+" also takes more: "Exit(0,1)", ":new(0,2)".
//   newer-names.txt  names that none of these types has, and that .NET 10 or PowerShell 7.6 adds to some of them,
//                    one on each line.
//
//   dotnet run --artifacts-path ../../../.build/reference-lists -- ../windows-powershell-5.1
using System.Reflection;

var output = args is [var folder] ? folder : throw new ArgumentException("Name the folder for the lists.");
var packages = Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>()
    .ToDictionary(item => item.Key, item => item.Value!);
var framework = Path.Combine(packages["Framework"], "build", ".NETFramework", "v4.7.2");
var powerShell51 = Path.Combine(packages["PowerShell51"], "lib", "netstandard2.0", "System.Management.Automation.dll");

// Those that powershell.exe has loaded when a script begins, less the ones that only data access and WMI need.
string[] loaded = ["mscorlib", "System", "System.Core", "System.Xml"];
var oldFiles = loaded.Select(name => Path.Combine(framework, name + ".dll")).Append(powerShell51).ToArray();
var runtime = Files(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
string[] infrastructure = Files(Path.Combine(packages["Infrastructure"], "ref", "net451"));
string[] references = [.. Files(framework), .. Files(Path.Combine(framework, "Facades")), powerShell51, .. infrastructure];
// PowerShellStandard names packages of .NET Standard where .NET Framework has the types in mscorlib.
var absent = runtime.ExceptBy(references.Select(Path.GetFileName), Path.GetFileName);
var old = Types(oldFiles, [.. references, .. absent], "mscorlib");

var lines = old.Where(IsUsable).Select(Describe).Distinct().Order(StringComparer.Ordinal);
Directory.CreateDirectory(output);
File.WriteAllText(Path.Combine(output, "types.txt"), string.Join('\n', lines) + "\n");

var powerShell7 = Directory.GetFiles(packages["PowerShell7"], "System.Management.Automation.dll", SearchOption.AllDirectories)
    .First(file => file.Contains("unix"));
var newFiles = runtime.Where(file => Path.GetFileName(file).StartsWith("System.")).Append(powerShell7).ToArray();
var known = old.Where(IsUsable).SelectMany(Names).ToHashSet(StringComparer.OrdinalIgnoreCase);
var types = old.Select(type => type.FullName).ToHashSet();
var newer = Types(newFiles, [.. runtime, .. infrastructure, powerShell7], "System.Private.CoreLib")
    .Where(type => IsUsable(type) && types.Contains(type.FullName)).SelectMany(Names)
    .Where(name => !known.Contains(name)).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal);
File.WriteAllText(Path.Combine(output, "newer-names.txt"), string.Join('\n', newer) + "\n");

static string[] Files(string folder) => Directory.GetFiles(folder, "*.dll");

static List<Type> Types(string[] files, string[] references, string core)
{
    var context = new MetadataLoadContext(new PathAssemblyResolver(references), core);
    return files.SelectMany(file => Exported(context.LoadFromAssemblyPath(file))).ToList();
}

static IEnumerable<Type> Exported(Assembly assembly)
{
    try { return assembly.GetExportedTypes(); }
    catch (Exception error) when (error is BadImageFormatException or FileNotFoundException) { return []; }
}

// Scripts never hold a cmdlet: its parameters would only pass for members of other types.
static bool IsUsable(Type type) => type.Namespace != "Microsoft.PowerShell.Commands";

static IEnumerable<string> Names(Type type) => Declared(type).Select(member => member.Name).Where(name => !name.Contains('.'));

static IEnumerable<MemberInfo> Declared(Type type)
{
    const BindingFlags flags = BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
    // Not the accessors of properties and events, nor operators.
    return type.GetMembers(flags).Where(member => member is not Type and not MethodInfo { IsSpecialName: true });
}

static string Describe(Type type)
{
    // An interface's members are found like a base type's.
    var interfaces = type.GetInterfaces().Where(item => item.IsPublic).Select(NameOf);
    string?[] bases = [type.BaseType is { } parent ? NameOf(parent) : null, .. interfaces];
    var members = Declared(type).GroupBy(member => (IsStatic(member) ? ":" : "") + NameOfMember(member))
        .Select(group => group.Key + Counts(group.OfType<MethodBase>().ToArray()))
        .Where(text => !text.Contains('.'))
        .Order(StringComparer.Ordinal);
    return $"{NameOf(type)}\t{string.Join(',', bases.Where(item => item is not null))}\t{string.Join(' ', members)}";
}

static string NameOf(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition().FullName! : type.FullName!;

static string NameOfMember(MemberInfo member) => member is ConstructorInfo ? "new" : member.Name;

static bool IsStatic(MemberInfo member) => member switch
{
    ConstructorInfo => true,
    MethodInfo method => method.IsStatic,
    FieldInfo field => field.IsStatic,
    PropertyInfo property => property.GetAccessors().FirstOrDefault()?.IsStatic ?? false,
    _ => false,
};

static string Counts(MethodBase[] overloads)
{
    if (overloads.Length == 0) return "";
    var counts = new SortedDictionary<int, string>();
    foreach (var parameters in overloads.Select(overload => overload.GetParameters()))
    {
        var open = parameters.Length > 0 && IsParamsArray(parameters[^1]);
        var least = parameters.Count(parameter => !parameter.IsOptional) - (open ? 1 : 0);
        for (var count = least; count <= parameters.Length; count++) counts.TryAdd(count, $"{count}");
        if (open) counts[parameters.Length] = $"{parameters.Length}+";
    }
    return $"({string.Join(',', counts.Values)})";
}

static bool IsParamsArray(ParameterInfo parameter) =>
    parameter.GetCustomAttributesData().Any(item => item.AttributeType.FullName == typeof(ParamArrayAttribute).FullName);
