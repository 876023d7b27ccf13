using System.Management.Automation;

namespace IisFailover.EngineHost.Cmdlets;

[Cmdlet(VerbsCommunications.Write, "Output")]
public sealed class WriteOutput : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    [AllowNull, AllowEmptyCollection]
    public PSObject? InputObject { get; set; }

    [Parameter]
    public SwitchParameter NoEnumerate { get; set; }

    protected override void ProcessRecord() => WriteObject(InputObject, !NoEnumerate);
}

[Cmdlet(VerbsCommunications.Write, "Error", DefaultParameterSetName = "Message")]
public sealed class WriteError : PSCmdlet
{
    [Parameter(ParameterSetName = "Message", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull, AllowEmptyString]
    public string? Message { get; set; }

    [Parameter(ParameterSetName = "Exception", Mandatory = true)]
    public Exception? Exception { get; set; }

    [Parameter(ParameterSetName = "Record", Mandatory = true)]
    public ErrorRecord? ErrorRecord { get; set; }

    [Parameter]
    public ErrorCategory Category { get; set; }

    [Parameter]
    public string ErrorId { get; set; } = "Microsoft.PowerShell.Commands.WriteErrorException";

    [Parameter]
    public object? TargetObject { get; set; }

    [Parameter]
    public string? RecommendedAction { get; set; }

    protected override void ProcessRecord()
    {
        var record = ErrorRecord
            ?? new ErrorRecord(Exception ?? new RuntimeException(Message), ErrorId, Category, TargetObject);
        if (RecommendedAction != null)
            record.ErrorDetails = new ErrorDetails(record.Exception.Message) { RecommendedAction = RecommendedAction };
        WriteError(record);
    }
}

/// <summary>The stream cmdlets that take one message.</summary>
public abstract class WriteMessage : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    public string Message { get; set; } = "";
}

[Cmdlet(VerbsCommunications.Write, "Warning")]
public sealed class WriteWarning : WriteMessage
{
    protected override void ProcessRecord() => WriteWarning(Message);
}

[Cmdlet(VerbsCommunications.Write, "Verbose")]
public sealed class WriteVerbose : WriteMessage
{
    protected override void ProcessRecord() => WriteVerbose(Message);
}

[Cmdlet(VerbsCommunications.Write, "Debug")]
public sealed class WriteDebug : WriteMessage
{
    protected override void ProcessRecord() => WriteDebug(Message);
}

[Cmdlet(VerbsCommunications.Write, "Information")]
public sealed class WriteInformation : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public object? MessageData { get; set; }

    [Parameter(Position = 1)]
    public string[] Tags { get; set; } = [];

    protected override void ProcessRecord() => WriteInformation(MessageData, Tags);
}

[Cmdlet(VerbsCommunications.Write, "Host")]
public sealed class WriteHost : PSCmdlet
{
    [Parameter(Position = 0, ValueFromPipeline = true, ValueFromRemainingArguments = true)]
    public object? Object { get; set; }

    [Parameter]
    public SwitchParameter NoNewline { get; set; }

    [Parameter]
    public string Separator { get; set; } = " ";

    [Parameter]
    public ConsoleColor? ForegroundColor { get; set; }

    [Parameter]
    public ConsoleColor? BackgroundColor { get; set; }

    protected override void ProcessRecord()
    {
        var items = LanguagePrimitives.GetEnumerable(Object)?.Cast<object>() ?? [Object ?? ""];
        var message = new HostInformationMessage
        {
            Message = string.Join(Separator, items.Select(item => PSObject.AsPSObject(item).ToString())),
            NoNewLine = NoNewline,
            ForegroundColor = ForegroundColor,
            BackgroundColor = BackgroundColor,
        };
        WriteInformation(message, ["PSHOST"]);
    }
}

[Cmdlet(VerbsCommunications.Write, "Progress")]
public sealed class WriteProgress : PSCmdlet
{
    [Parameter(Mandatory = true, Position = 0)]
    public string Activity { get; set; } = "";

    [Parameter(Position = 1)]
    public string Status { get; set; } = "Processing";

    [Parameter(Position = 2)]
    public int Id { get; set; }

    [Parameter]
    public int PercentComplete { get; set; } = -1;

    [Parameter]
    public SwitchParameter Completed { get; set; }

    protected override void ProcessRecord() =>
        WriteProgress(new ProgressRecord(Id, Activity, Status)
        {
            PercentComplete = PercentComplete,
            RecordType = Completed ? ProgressRecordType.Completed : ProgressRecordType.Processing,
        });
}

[Cmdlet(VerbsCommunications.Read, "Host")]
public sealed class ReadHost : PSCmdlet
{
    [Parameter(Position = 0)]
    public string? Prompt { get; set; }

    [Parameter]
    public SwitchParameter AsSecureString { get; set; }

    protected override void ProcessRecord()
    {
        if (Prompt != null) Host.UI.Write(Prompt + ": ");
        WriteObject(AsSecureString ? Host.UI.ReadLineAsSecureString() : Host.UI.ReadLine());
    }
}
