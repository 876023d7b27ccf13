using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Reflection;

namespace IisFailover.EngineHost;

/// <summary>The host that the engine sees as $Host.</summary>
internal sealed class Shell(CommandLine commandLine) : PSHost
{
    public static string EngineVersion { get; } =
        typeof(PSObject).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!
            .InformationalVersion.Split(' ', '+')[0];

    public Screen Screen { get; } = new(commandLine);

    /// <summary>Set once a script has called `exit`.</summary>
    public int? ExitCode { get; private set; }

    public override string Name => "IisFailover engine host";
    public override Version Version => new(EngineVersion.Split('-')[0]);
    public override Guid InstanceId { get; } = Guid.NewGuid();
    public override CultureInfo CurrentCulture => CultureInfo.CurrentCulture;
    public override CultureInfo CurrentUICulture => CultureInfo.CurrentUICulture;
    public override PSHostUserInterface UI => Screen;

    public override void SetShouldExit(int exitCode) => ExitCode ??= exitCode;

    public override void EnterNestedPrompt() => throw NoNestedPrompt();
    public override void ExitNestedPrompt() => throw NoNestedPrompt();

    private static NotSupportedException NoNestedPrompt() => new("The engine host has no nested prompt.");

    public override void NotifyBeginApplication()
    {
        // Native programs share the console as it is: nothing to set aside.
    }

    public override void NotifyEndApplication()
    {
        // Nothing was set aside.
    }
}
