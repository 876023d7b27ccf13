using System;
using System.Collections.Generic;
using System.IO;
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
            default:
                throw new MissingMethodException($"This bridge has no method {method}.");
        }
    }
}
