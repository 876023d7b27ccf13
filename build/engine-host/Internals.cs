using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Reflection;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace IisFailover.EngineHost;

/// <summary>
/// What pwsh uses of the engine that is not public. The engine's version is pinned in the project file; with a
/// version that lacks one of these, the host's tests fail.
/// </summary>
internal static class Internals
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
    private static readonly Assembly Engine = typeof(PSObject).Assembly;

    /// <summary>Makes `exit n` in a script file end the session; for other hosts it ends the script alone.</summary>
    public static void LetExitLeaveScript(Runspace runspace)
    {
        var context = typeof(Runspace).GetProperty("ExecutionContext", Any)!.GetValue(runspace)!;
        context.GetType().GetProperty("ScriptCommandProcessorShouldRethrowExit", Any)!.SetValue(context, true);
    }

    /// <summary>Makes Out-Default send an error record to the error stream instead of the output.</summary>
    public static void MarkAsError(PSObject record)
    {
        var property = typeof(PSObject).GetProperty("WriteStream", Any)!;
        property.SetValue(record, Enum.Parse(property.PropertyType, "Error"));
    }

    /// <summary>Gives a formatting command the engine's implementation of one shape: Table or List.</summary>
    public static void FormatAs(FrontEndCommandBase command, string shape)
    {
        var shapes = EngineType("FormatShape");
        SetImplementation(command, Create("InnerFormatShapeCommand", Enum.Parse(shapes, shape)));
    }

    /// <summary>Gives an output command the engine's implementation that writes lines to a text writer.</summary>
    public static void OutputTo(FrontEndCommandBase command, TextWriter writer, int width)
    {
        var manager = Create("OutputManagerInner");
        manager.GetType().GetProperty("LineOutput", Any)!
            .SetValue(manager, Create("TextWriterLineOutput", writer, width));
        SetImplementation(command, manager);
    }

    /// <summary>Ends a pipeline whose last commands need no more input.</summary>
    public static void StopCommandsBefore(Cmdlet command)
    {
        var type = Engine.GetType("System.Management.Automation.StopUpstreamCommandsException", throwOnError: true)!;
        throw (Exception)Activator.CreateInstance(type, Any, null, [command], null)!;
    }

    private static void SetImplementation(FrontEndCommandBase command, object implementation) =>
        typeof(FrontEndCommandBase).GetField("implementation", Any)!.SetValue(command, implementation);

    private static object Create(string name, params object[] arguments) =>
        Activator.CreateInstance(EngineType(name), Any, null, arguments, null)!;

    private static Type EngineType(string name) =>
        Engine.GetType($"Microsoft.PowerShell.Commands.Internal.Format.{name}", throwOnError: true)!;
}
