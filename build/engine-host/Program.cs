using System.Management.Automation;

namespace IisFailover.EngineHost;

/// <summary>
/// A console program with pwsh's command line, on the PowerShell engine of the System.Management.Automation package.
/// It exists because no package registry ships pwsh. What it does not do: profiles, remoting, jobs, a line editor,
/// and the cmdlets of Microsoft.PowerShell.Utility and Management beyond the stand-ins in cmdlets/.
/// </summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        var commandLine = CommandLine.Parse(arguments);
        if (commandLine.Error != null)
        {
            Console.Error.WriteLine(commandLine.Error);
            return CommandLine.UsageExitCode;
        }
        if (commandLine.ShowHelp)
        {
            Console.WriteLine(CommandLine.Usage);
            return 0;
        }
        if (commandLine.ShowVersion)
        {
            Console.WriteLine($"PowerShell {Shell.EngineVersion}");
            return 0;
        }
        if (commandLine.ExecutionPolicy != null)
        {
            // This variable is where Windows PowerShell and PowerShell 7 keep the policy of scope Process.
            Environment.SetEnvironmentVariable("PSExecutionPolicyPreference", commandLine.ExecutionPolicy);
        }
        using var session = new Session(commandLine);
        return session.Run();
    }
}
