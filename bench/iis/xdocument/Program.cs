// The peer of bench/iis.ts: what a tool on .NET does at the least to change one site, which is to load the whole
// document and to save it. Prints the milliseconds and the peak of its memory in bytes.
using System.Diagnostics;
using System.Xml.Linq;

var watch = Stopwatch.StartNew();
var document = XDocument.Load(args[0], LoadOptions.PreserveWhitespace);
document.Save(args[1], SaveOptions.DisableFormatting);
Console.WriteLine($"{watch.Elapsed.TotalMilliseconds} {Process.GetCurrentProcess().PeakWorkingSet64}");
