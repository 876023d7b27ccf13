// One of edge-js's files names this namespace of the compiler, which precompiled assemblies don't need.
namespace Microsoft.CodeAnalysis.CSharp.Syntax { }
