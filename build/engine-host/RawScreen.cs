using System.Management.Automation.Host;

namespace IisFailover.EngineHost;

/// <summary>Size and colours of the console; cell-wise access is not offered.</summary>
internal sealed class RawScreen : PSHostRawUserInterface
{
    /// <summary>Columns of redirected output: the same on every machine.</summary>
    private const int RedirectedWidth = 120;

    private static Size Measure()
    {
        var known = !Console.IsOutputRedirected && Console.WindowWidth > 0;
        return known ? new Size(Console.WindowWidth, Console.WindowHeight) : new Size(RedirectedWidth, 50);
    }

    public override Size BufferSize { get => Measure(); set => throw NotOffered(); }
    public override Size WindowSize { get => Measure(); set => throw NotOffered(); }
    public override Size MaxWindowSize => Measure();
    public override Size MaxPhysicalWindowSize => Measure();
    public override Coordinates WindowPosition { get => new(0, 0); set => throw NotOffered(); }
    public override int CursorSize { get => 25; set => throw NotOffered(); }

    public override Coordinates CursorPosition
    {
        get => Console.IsOutputRedirected ? new(0, 0) : new(Console.CursorLeft, Console.CursorTop);
        set => Console.SetCursorPosition(value.X, value.Y);
    }

    public override ConsoleColor ForegroundColor
    {
        get => Console.ForegroundColor;
        set => Console.ForegroundColor = value;
    }

    public override ConsoleColor BackgroundColor
    {
        get => Console.BackgroundColor;
        set => Console.BackgroundColor = value;
    }

    public override string WindowTitle { get => ""; set => Console.Title = value; }

    public override bool KeyAvailable => !Console.IsInputRedirected && Console.KeyAvailable;

    public override KeyInfo ReadKey(ReadKeyOptions options)
    {
        var key = Console.ReadKey(options.HasFlag(ReadKeyOptions.NoEcho));
        return new KeyInfo((int)key.Key, key.KeyChar, 0, true);
    }

    public override void FlushInputBuffer()
    {
        // Input is read by the line: nothing is held back.
    }

    public override BufferCell[,] GetBufferContents(Rectangle rectangle) => throw NotOffered();
    public override void SetBufferContents(Rectangle rectangle, BufferCell fill) => throw NotOffered();
    public override void SetBufferContents(Coordinates origin, BufferCell[,] contents) => throw NotOffered();

    public override void ScrollBufferContents(
        Rectangle source, Coordinates destination, Rectangle clip, BufferCell fill) => throw NotOffered();

    private static NotSupportedException NotOffered() => new("The engine host does not offer this.");
}
