using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace IisFailover.Bridge;

/// <summary>What Node calls in this process through edge-js; see src/windows/dotnet.ts.</summary>
public sealed class Startup
{
    /// <summary>
    /// Takes { method, arguments } and gives { value }, or { type, message } of the exception: edge-js loses the type,
    /// and on CoreCLR the process with it where PowerShell throws.
    /// </summary>
    public Task<object> Invoke(object input)
    {
        var call = (IDictionary<string, object?>)input;
        return Task.Run<object>(() => Answer((string)call["method"]!, (IDictionary<string, object?>)call["arguments"]!));
    }

    private static Dictionary<string, object?> Answer(string method, IDictionary<string, object?> arguments)
    {
        try
        {
            return new() { ["value"] = Call(method, arguments) };
        }
        catch (Exception exception)
        {
            return new() { ["type"] = exception.GetType().FullName, ["message"] = exception.Message };
        }
    }

    private static object? Call(string method, IDictionary<string, object?> arguments)
    {
        string Text(string name) => (string)arguments[name]!;
        switch (method)
        {
            case "runtime":
                return RuntimeInformation.FrameworkDescription;
            case "echo":
                return arguments["value"];
            case "replaceFile":
                // ReplaceFileW: the new content keeps the old file's ACL, owner, attributes and creation time.
                File.Replace((string)arguments["from"]!, (string)arguments["to"]!, (string?)arguments["backup"]);
                return null;
            case "openSecrets":
                using (var iis = Administration(arguments, readOnly: true)) return iis.Open(Places(arguments));
            case "setSecrets":
                using (var iis = Administration(arguments, readOnly: false)) iis.Set(Places(arguments));
                return null;
            case "bindingCertificates":
                using (var iis = Administration(arguments, readOnly: true)) return iis.Bindings();
            case "certificates":
                return Certificates.List(Text("location"), Text("store"));
            case "exportCertificate":
                return Certificates.Export(Text("location"), Text("store"), Text("thumbprint"), Text("password"));
            case "importCertificate":
                return Certificates.Import(
                    Text("location"), Text("store"), (byte[])arguments["pkcs12"]!, Text("password"), (bool)arguments["exportable"]!);
            case "readPermissions":
                return Permissions.Read(((object[])arguments["paths"]!).Cast<string>(), (bool)arguments["audit"]!);
            case "writePermissions":
                return Permissions.Write(((object[])arguments["items"]!).Cast<IDictionary<string, object?>>());
            case "accountOf":
                return Permissions.AccountOf((string?)arguments["server"], (byte[])arguments["sid"]!);
            case "sidOf":
                return Permissions.SidOf(Text("account"));
            default:
                throw new MissingMethodException($"This bridge has no method {method}.");
        }
    }

    private static WebAdministration Administration(IDictionary<string, object?> arguments, bool readOnly) =>
        new((string)arguments["assembly"]!, (string)arguments["file"]!, readOnly);

    private static IEnumerable<IDictionary<string, object?>> Places(IDictionary<string, object?> arguments) =>
        ((object[])arguments["places"]!).Cast<IDictionary<string, object?>>();
}
