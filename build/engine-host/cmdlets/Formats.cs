using System.Management.Automation;
using System.Security;
using Microsoft.PowerShell.Commands.Internal.Format;

namespace IisFailover.EngineHost.Cmdlets;

/// <summary>The engine's own formatter, under the name that Microsoft.PowerShell.Utility gives it.</summary>
[Cmdlet(VerbsCommon.Format, "Table")]
public sealed class FormatTableObject : OuterFormatTableBase
{
    public FormatTableObject() => Internals.FormatAs(this, "Table");
}

/// <inheritdoc cref="FormatTableObject"/>
[Cmdlet(VerbsCommon.Format, "List")]
public sealed class FormatList : OuterFormatTableAndListBase
{
    public FormatList() => Internals.FormatAs(this, "List");
}

[Cmdlet(VerbsData.Out, "String")]
public sealed class OutString : FrontEndCommandBase
{
    private readonly StringWriter text = new();

    [Parameter]
    public SwitchParameter Stream { get; set; }

    [Parameter]
    public int Width { get; set; } = int.MaxValue;

    protected override void BeginProcessing()
    {
        Internals.OutputTo(this, text, Width);
        base.BeginProcessing();
    }

    protected override void EndProcessing()
    {
        base.EndProcessing();
        var all = text.ToString();
        if (!Stream) WriteObject(all);
        else WriteObject(all.TrimEnd('\r', '\n').Split(Environment.NewLine), true);
    }
}

[Cmdlet(VerbsCommon.Get, "Date")]
public sealed class GetDate : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true)]
    public DateTime? Date { get; set; }

    [Parameter]
    public string? Format { get; set; }

    [Parameter]
    public SwitchParameter AsUTC { get; set; }

    protected override void ProcessRecord()
    {
        var date = Date ?? DateTime.Now;
        if (AsUTC) date = date.ToUniversalTime();
        WriteObject(Format == null ? date : date.ToString(Format));
    }
}

[Cmdlet(VerbsLifecycle.Start, "Sleep", DefaultParameterSetName = "Seconds")]
public sealed class StartSleep : PSCmdlet
{
    private readonly ManualResetEventSlim stopped = new();

    [Parameter(ParameterSetName = "Seconds", Mandatory = true, Position = 0)]
    public double Seconds { get; set; }

    [Parameter(ParameterSetName = "Milliseconds", Mandatory = true)]
    [Alias("ms")]
    public int Milliseconds { get; set; }

    protected override void ProcessRecord() =>
        stopped.Wait(TimeSpan.FromMilliseconds(ParameterSetName == "Seconds" ? Seconds * 1000 : Milliseconds));

    protected override void StopProcessing() => stopped.Set();
}

[Cmdlet(VerbsData.ConvertTo, "SecureString")]
public sealed class ConvertToSecureString : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public string String { get; set; } = "";

    [Parameter(Mandatory = true, HelpMessage = "Only plain text is supported by the engine host.")]
    public SwitchParameter AsPlainText { get; set; }

    [Parameter]
    public SwitchParameter Force { get; set; }

    protected override void ProcessRecord()
    {
        var secret = new SecureString();
        foreach (var character in String) secret.AppendChar(character);
        secret.MakeReadOnly();
        WriteObject(secret);
    }
}
