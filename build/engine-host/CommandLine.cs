using System.Management.Automation.Runspaces;
using System.Text;

namespace IisFailover.EngineHost;

/// <summary>
/// pwsh's command line. Names can be shortened as pwsh allows, take one or two dashes (or a slash), and a first
/// argument that is no parameter is the file to run.
/// Source: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_pwsh
/// </summary>
internal sealed class CommandLine
{
    /// <summary>EX_USAGE, as pwsh exits on a bad command line.</summary>
    public const int UsageExitCode = 64;

    public const string Usage =
        "Usage: pwsh [-NoProfile] [-NonInteractive] [-NoLogo] [-NoExit] [-ExecutionPolicy <policy>]\n"
        + "            [-WorkingDirectory <folder>] [-InputFormat Text] [-OutputFormat Text] [-Version]\n"
        + "            [-Command { - | <text>... } | -EncodedCommand <base64> | [-File] <path> [<argument>...]]";

    private enum Action
    {
        Ignore, IgnoreValue, Help, Version, NoExit, NoLogo, NonInteractive, Interactive, Command, EncodedCommand,
        CommandWithArgs, File, Format, ExecutionPolicy, WorkingDirectory,
    }

    // In pwsh's order: the first that matches wins. The second name is the shortest form that is accepted.
    private static readonly (string Name, string Shortest, Action Action)[] Parameters =
    [
        ("version", "v", Action.Version),
        ("help", "h", Action.Help),
        ("?", "?", Action.Help),
        ("login", "l", Action.Ignore),
        ("noexit", "noe", Action.NoExit),
        ("noprofile", "nop", Action.Ignore),
        ("nologo", "nol", Action.NoLogo),
        ("noninteractive", "noni", Action.NonInteractive),
        ("noprofileloadtime", "noprofileloadtime", Action.Ignore),
        ("interactive", "i", Action.Interactive),
        ("commandwithargs", "commandwithargs", Action.CommandWithArgs),
        ("cwa", "cwa", Action.CommandWithArgs),
        ("command", "c", Action.Command),
        ("windowstyle", "w", Action.IgnoreValue),
        ("file", "f", Action.File),
        ("outputformat", "o", Action.Format),
        ("of", "o", Action.Format),
        ("inputformat", "inp", Action.Format),
        ("if", "if", Action.Format),
        ("executionpolicy", "ex", Action.ExecutionPolicy),
        ("ep", "ep", Action.ExecutionPolicy),
        ("encodedcommand", "e", Action.EncodedCommand),
        ("ec", "e", Action.EncodedCommand),
        ("sta", "sta", Action.Ignore),
        ("mta", "mta", Action.Ignore),
        ("workingdirectory", "wo", Action.WorkingDirectory),
        ("wd", "wd", Action.WorkingDirectory),
    ];

    private static readonly string[] ExecutionPolicies =
        ["default", "remotesigned", "bypass", "allsigned", "restricted", "unrestricted", "undefined"];

    private readonly string[] arguments;
    private int position;
    private bool noExit;

    private CommandLine(string[] arguments) => this.arguments = arguments;

    public string? Error { get; private set; }
    public bool ShowHelp { get; private set; }
    public bool ShowVersion { get; private set; }
    public bool NoLogo { get; private set; }
    public bool NonInteractive { get; private set; }
    public string? Command { get; private set; }
    public string? File { get; private set; }
    public string? ExecutionPolicy { get; private set; }
    public string? WorkingDirectory { get; private set; }

    /// <summary>Arguments of the script file, or of -CommandWithArgs.</summary>
    public List<CommandParameter> ScriptArguments { get; } = [];

    /// <summary>Read commands after (or instead of) the command or file: no command, -NoExit or `-Command -`.</summary>
    public bool ReadCommands { get; private set; } = true;

    /// <summary>`-Command -`: commands from standard input, without prompts and echo.</summary>
    public bool NoPrompt { get; private set; }

    public static CommandLine Parse(string[] arguments)
    {
        var result = new CommandLine(arguments);
        try
        {
            while (result.position < arguments.Length && !result.ShowHelp && !result.ShowVersion) result.ParseNext();
        }
        catch (FormatException fault)
        {
            result.Error = fault.Message;
        }
        return result;
    }

    private void ParseNext()
    {
        var argument = arguments[position].Trim();
        if (argument.Length == 0 || argument[0] is not ('-' or '/' or '\u2013' or '\u2014'))
        {
            ParseFile();
            return;
        }
        var key = argument[1..];
        if (key.StartsWith('-') && argument[0] == '-') key = key[1..];
        var match = Array.Find(Parameters, parameter =>
            key.Length >= parameter.Shortest.Length
            && parameter.Name.StartsWith(key, StringComparison.OrdinalIgnoreCase));
        if (match.Name == null)
        {
            ParseFile(); // as pwsh does; the name of a file can start with /
            return;
        }
        position++;
        switch (match.Action)
        {
            case Action.Help: ShowHelp = true; break;
            case Action.Version: ShowVersion = true; break;
            case Action.NoExit: noExit = true; break;
            case Action.NoLogo: NoLogo = true; break;
            case Action.NonInteractive: NonInteractive = true; break;
            case Action.Interactive: NonInteractive = false; break;
            case Action.Command: ParseCommand(); break;
            case Action.CommandWithArgs: SetCommand(Next("-CommandWithArgs")); CollectScriptArguments(); break;
            case Action.EncodedCommand: SetCommand(Decode(Next("-EncodedCommand"))); break;
            case Action.File:
                if (position == arguments.Length) throw new FormatException("-File requires the path of a script.");
                ParseFile();
                break;
            case Action.Format: ParseFormat(match.Name); break;
            case Action.ExecutionPolicy: ParseExecutionPolicy(); break;
            case Action.WorkingDirectory: WorkingDirectory = Next("-WorkingDirectory"); break;
            case Action.IgnoreValue: Next("-" + match.Name); break;
        }
    }

    private string Next(string parameter) =>
        position < arguments.Length
            ? arguments[position++]
            : throw new FormatException($"{parameter} requires an argument.");

    private void ParseCommand()
    {
        if (position == arguments.Length) throw new FormatException("A command must follow -Command.");
        var text = string.Join(' ', arguments[position..]);
        if (arguments[position] == "-")
        {
            if (position != arguments.Length - 1)
                throw new FormatException("No other argument is permitted after '-Command -'.");
            if (!Console.IsInputRedirected)
                throw new FormatException("'-Command -' needs standard input to be redirected.");
            NoLogo = NoPrompt = true;
        }
        else
        {
            SetCommand(text);
        }
        position = arguments.Length;
    }

    private void SetCommand(string text)
    {
        if (Command != null) throw new FormatException("A command is already specified.");
        Command = text;
        NoLogo = true;
        ReadCommands = noExit;
    }

    private static string Decode(string base64)
    {
        try
        {
            return Encoding.Unicode.GetString(Convert.FromBase64String(base64));
        }
        catch (FormatException)
        {
            throw new FormatException("The value of -EncodedCommand must be Base64 of UTF-16 text.");
        }
    }

    private void ParseFile()
    {
        var name = arguments[position++];
        NoLogo = true;
        if (name == "-") return; // commands from standard input, with prompts
        ReadCommands = noExit;
        File = Path.GetFullPath(name.Replace('\\', Path.DirectorySeparatorChar));
        if (!System.IO.File.Exists(File))
            throw new FormatException(
                $"The argument '{name}' is not recognized as the name of a script file. "
                + "Check the spelling of the name, or if a path was included, verify that the path is correct.");
        CollectScriptArguments();
    }

    /// <summary>`-Name value`, `-Name:value` and plain values; `-Name:$true` is a Boolean.</summary>
    private void CollectScriptArguments()
    {
        for (; position < arguments.Length; position++)
        {
            var argument = arguments[position];
            var colon = argument.IndexOf(':');
            if (argument.Length < 2 || argument[0] != '-')
                ScriptArguments.Add(new CommandParameter(null, argument));
            else if (colon < 0)
                ScriptArguments.Add(new CommandParameter(argument));
            else if (colon < argument.Length - 1)
                ScriptArguments.Add(new CommandParameter(argument[..colon], BooleanOrText(argument[(colon + 1)..])));
            else if (++position < arguments.Length)
                ScriptArguments.Add(new CommandParameter(argument.TrimEnd(':'), arguments[position]));
        }
    }

    private static object BooleanOrText(string text) =>
        bool.TryParse(text.StartsWith('$') ? text[1..] : text, out var value) ? value : text;

    private void ParseFormat(string parameter)
    {
        var format = Next("-" + parameter);
        if (!format.Equals("Text", StringComparison.OrdinalIgnoreCase))
            throw new FormatException($"The engine host knows the format Text only, not \"{format}\".");
    }

    private void ParseExecutionPolicy()
    {
        ExecutionPolicy = Next("-ExecutionPolicy");
        if (!ExecutionPolicies.Contains(ExecutionPolicy.ToLowerInvariant()))
            throw new FormatException($"Invalid ExecutionPolicy value '{ExecutionPolicy}'.");
    }
}
