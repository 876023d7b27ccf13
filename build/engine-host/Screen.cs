using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Internal;

namespace IisFailover.EngineHost;

/// <summary>
/// The console: errors go to standard error, all else to standard output. Where a stream is redirected it gets plain
/// text, and progress is shown on a terminal only. Prompts are in Screen.Prompts.cs.
/// </summary>
internal sealed partial class Screen(CommandLine commandLine) : PSHostUserInterface
{
    private readonly RawScreen raw = new();

    public override PSHostRawUserInterface RawUI => raw;

    public override bool SupportsVirtualTerminal { get; } =
        !Console.IsOutputRedirected
        && Environment.GetEnvironmentVariable("TERM") != "dumb"
        && Environment.GetEnvironmentVariable("NO_COLOR") is null or "";

    private PSStyle.FormattingData Styles => PSStyle.Instance.Formatting;

    public override void Write(string value)
    {
        ClearProgress();
        Console.Out.Write(Console.IsOutputRedirected ? Plain(value) : value);
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value)
    {
        if (!SupportsVirtualTerminal)
        {
            Write(value);
            return;
        }
        var before = (Console.ForegroundColor, Console.BackgroundColor);
        (Console.ForegroundColor, Console.BackgroundColor) = (foregroundColor, backgroundColor);
        Write(value);
        (Console.ForegroundColor, Console.BackgroundColor) = before;
    }

    public override void WriteLine(string value) => Write(value + Environment.NewLine);

    public override void WriteErrorLine(string value)
    {
        if (string.IsNullOrEmpty(value)) return;
        ClearProgress();
        Console.Error.WriteLine(Console.IsErrorRedirected ? Plain(value) : value);
    }

    public override void WriteWarningLine(string message) => WriteStyled(Styles.Warning, "WARNING: " + message);
    public override void WriteVerboseLine(string message) => WriteStyled(Styles.Verbose, "VERBOSE: " + message);
    public override void WriteDebugLine(string message) => WriteStyled(Styles.Debug, "DEBUG: " + message);

    private void WriteStyled(string style, string line) =>
        WriteLine(SupportsVirtualTerminal ? style + line + PSStyle.Instance.Reset : line);

    private static string Plain(string text) =>
        text.Contains('\u001b') ? new StringDecorated(text).ToString(OutputRendering.PlainText) : text;

    private bool progressShown;

    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (!SupportsVirtualTerminal) return;
        ClearProgress();
        if (record.RecordType == ProgressRecordType.Completed) return;
        var percent = record.PercentComplete < 0 ? "" : $" {record.PercentComplete} %";
        var text = $"{record.Activity}: {record.StatusDescription}{percent}";
        Console.Out.Write(text[..Math.Min(text.Length, raw.WindowSize.Width - 1)]);
        progressShown = true;
    }

    private void ClearProgress()
    {
        if (!progressShown) return;
        progressShown = false;
        Console.Out.Write("\r\u001b[K");
    }
}
