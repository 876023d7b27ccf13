using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;

namespace IisFailover.EngineHost;

/// <summary>
/// Runs the command, the file or the commands of standard input in one runspace, with pwsh's exit codes:
/// <code>
/// exit n, at any depth of -Command, -File or standard input     n
/// an exception that nothing caught, with -Command or -File      1
/// otherwise, $? after the last command that ran                 $true: 0, $false: 1
/// </code>
/// </summary>
internal sealed class Session : IDisposable
{
    private readonly CommandLine commandLine;
    private readonly Shell shell;
    private readonly Runspace runspace;
    private volatile Pipeline? running;

    public Session(CommandLine commandLine)
    {
        this.commandLine = commandLine;
        shell = new Shell(commandLine);
        runspace = RunspaceFactory.CreateRunspace(shell, InitialState());
        runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        runspace.Open();
        Console.CancelKeyPress += (_, signal) =>
        {
            signal.Cancel = true; // the pipeline stops, its finally blocks run, and the exit code is ours
            Stop();
        };
    }

    public int Run()
    {
        var failed = commandLine.WorkingDirectory != null && !ChangeDirectory(commandLine.WorkingDirectory);
        if (commandLine.File != null) failed |= !RunFile(commandLine.File);
        else if (!string.IsNullOrEmpty(commandLine.Command)) failed |= !RunCommand(commandLine.Command);
        if (commandLine.ReadCommands && shell.ExitCode == null) ReadCommands();
        return shell.ExitCode ?? (failed || !LastSucceeded() ? 1 : 0);
    }

    public void Dispose() => runspace.Dispose();

    private void Stop()
    {
        try
        {
            running?.StopAsync();
        }
        catch (Exception fault) when (fault is InvalidPipelineStateException or ObjectDisposedException)
        {
            // It ended at this very moment.
        }
    }

    private static InitialSessionState InitialState()
    {
        var state = InitialSessionState.CreateDefault2();
        if (Environment.GetEnvironmentVariable("IISFAILOVER_ENGINE_ONLY") is null or "") StandIns.AddTo(state);
        return state;
    }

    private bool ChangeDirectory(string folder)
    {
        try
        {
            runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(folder));
            return true;
        }
        catch (RuntimeException fault)
        {
            Report(fault);
            return false;
        }
    }

    private bool RunFile(string path)
    {
        using var pipeline = runspace.CreatePipeline();
        var isScript = path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase);
        // A file of another name is a script with a #! line.
        pipeline.Commands.Add(isScript ? new Command(path) : new Command(File.ReadAllText(path), true, false));
        if (!commandLine.ReadCommands) Internals.LetExitLeaveScript(runspace);
        return RunFirst(pipeline, Parser.ParseFile(path, out _, out _));
    }

    private bool RunCommand(string text)
    {
        // Only a pipeline that goes to the history leaves its success in $?, which decides the exit code.
        using var pipeline = runspace.CreatePipeline(text, addToHistory: true);
        return RunFirst(pipeline, Parser.ParseInput(text, out _, out _));
    }

    private bool RunFirst(Pipeline pipeline, Ast script)
    {
        foreach (var argument in commandLine.ScriptArguments) pipeline.Commands[0].Parameters.Add(argument);
        // Standard input is the script's if it uses $input.
        static bool IsInput(Ast node) => node is VariableExpressionAst { VariablePath.UserPath: "input" };
        var readInput = Console.IsInputRedirected && script.Find(IsInput, true) != null;
        var fault = Execute(pipeline, readInput);
        if (fault != null) Report(fault);
        return fault == null;
    }

    /// <summary>The loop over standard input: incomplete input collects until a blank line ends it.</summary>
    private void ReadCommands()
    {
        var block = new List<string>();
        while (shell.ExitCode == null)
        {
            var line = shell.Screen.ReadCommand(Prompt(block.Count > 0));
            if (line == null) return;
            var blank = string.IsNullOrWhiteSpace(line);
            if (block.Count > 0 && !blank)
            {
                block.Add(line);
                continue;
            }
            if (block.Count == 0 && blank) continue;
            var text = block.Count > 0 ? string.Join('\n', block) : line;
            block.Clear();
            using var pipeline = runspace.CreatePipeline(text, addToHistory: true);
            var fault = Execute(pipeline);
            if (fault is IncompleteParseException) block.Add(text);
            else if (fault != null) Report(fault);
        }
    }

    private string Prompt(bool incomplete)
    {
        if (commandLine.NoPrompt) return "";
        if (incomplete) return ">> ";
        using var pipeline = runspace.CreatePipeline("prompt");
        try
        {
            return pipeline.Invoke().FirstOrDefault()?.ToString() ?? "PS> ";
        }
        catch (RuntimeException)
        {
            return "PS> ";
        }
    }

    /// <summary>Runs a pipeline, shows its output and errors, and returns the exception that ended it.</summary>
    private Exception? Execute(Pipeline pipeline, bool readInput = false)
    {
        if (pipeline.Commands.Count == 1)
            pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add(new Command("Out-Default", false, true));
        running = pipeline;
        try
        {
            if (!readInput)
            {
                pipeline.Invoke();
                return null;
            }
            using var finished = new ManualResetEventSlim();
            pipeline.StateChanged += (_, change) =>
            {
                if (change.PipelineStateInfo.State > PipelineState.Stopping) finished.Set();
            };
            pipeline.InvokeAsync();
            FeedInput(pipeline);
            finished.Wait();
            var end = pipeline.PipelineStateInfo;
            return end.State == PipelineState.Failed ? end.Reason : null;
        }
        catch (Exception fault) when (fault is RuntimeException or InvalidOperationException)
        {
            return fault;
        }
        finally
        {
            running = null;
        }
    }

    private static void FeedInput(Pipeline pipeline)
    {
        try
        {
            while (Console.In.ReadLine() is { } line) pipeline.Input.Write(line);
        }
        catch (PipelineClosedException)
        {
            // The script ended before its input did.
        }
        pipeline.Input.Close();
    }

    /// <summary>Shows an error the way the engine shows one that a command wrote, so that $ErrorView applies.</summary>
    private void Report(Exception fault)
    {
        var record = fault is IContainsErrorRecord { ErrorRecord: { } own }
            ? own
            : new ErrorRecord(fault, "EngineHost", ErrorCategory.NotSpecified, null);
        var shown = new PSObject(record);
        Internals.MarkAsError(shown);
        using var pipeline = runspace.CreatePipeline();
        pipeline.Input.Write(shown);
        if (Execute(pipeline) != null) Console.Error.WriteLine(fault.Message);
    }

    private bool LastSucceeded()
    {
        using var pipeline = runspace.CreatePipeline("$global:?");
        return LanguagePrimitives.IsTrue(pipeline.Invoke().FirstOrDefault());
    }
}
