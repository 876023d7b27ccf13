using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IisFailover.Bridge;

/// <summary>
/// Security descriptors of files and folders as self-relative bytes. The calls on handles set exactly what they are
/// given, where SetNamedSecurityInfo (and FileSecurity with it) would walk all that is in a folder.
/// </summary>
internal static class Permissions
{
    private const uint Owner = 1, Group = 2, Dacl = 4, Sacl = 8;
    private const uint ReadControl = 0x20000, WriteDac = 0x40000, WriteOwner = 0x80000, AccessSystemSecurity = 0x1000000;
    private const int FileNotFound = 2, PathNotFound = 3, InsufficientBuffer = 122;

    /// <summary>For each path its descriptor, null where there is nothing, or the words of a failure.</summary>
    public static object?[] Read(IEnumerable<string> paths, bool audit)
    {
        Native.EnablePrivileges();
        return paths.Select(path => Attempt(() => ReadOne(path, audit))).ToArray();
    }

    /// <summary>For each item null where its descriptor was set, or the words of a failure.</summary>
    public static object?[] Write(IEnumerable<IDictionary<string, object?>> items)
    {
        Native.EnablePrivileges();
        return items.Select(item => Attempt(() => WriteOne((string)item["path"]!, (byte[])item["descriptor"]!))).ToArray();
    }

    private static object? Attempt(Func<object?> call)
    {
        try
        {
            return call();
        }
        catch (Win32Exception exception)
        {
            return exception.Message;
        }
    }

    private static byte[]? ReadOne(string path, bool audit)
    {
        using var handle = Open(path, ReadControl | (audit ? AccessSystemSecurity : 0));
        if (handle.IsInvalid) return IsMissing(Marshal.GetLastWin32Error()) ? null : throw new Win32Exception();
        var parts = Owner | Group | Dacl | (audit ? Sacl : 0);
        Native.GetKernelObjectSecurity(handle, parts, null, 0, out var length);
        var bytes = new byte[length];
        if (length == 0 || !Native.GetKernelObjectSecurity(handle, parts, bytes, length, out _)) throw new Win32Exception();
        return bytes;
    }

    private static object? WriteOne(string path, byte[] descriptor)
    {
        var control = BitConverter.ToUInt16(descriptor, 2);
        var parts = (BitConverter.ToUInt32(descriptor, 4) != 0 ? Owner : 0)
            | (BitConverter.ToUInt32(descriptor, 8) != 0 ? Group : 0)
            | ((control & 0x04) != 0 ? Dacl : 0)
            | ((control & 0x10) != 0 ? Sacl : 0);
        var access = ((parts & (Owner | Group)) != 0 ? WriteOwner : 0)
            | ((parts & Dacl) != 0 ? WriteDac : 0)
            | ((parts & Sacl) != 0 ? AccessSystemSecurity : 0);
        using var handle = Open(path, access);
        if (handle.IsInvalid || !Native.SetKernelObjectSecurity(handle, parts, descriptor)) throw new Win32Exception();
        return null;
    }

    /// <summary>With backup semantics: folders can be opened, and the privileges of a backup operator count. A link itself.</summary>
    private static SafeFileHandle Open(string path, uint access)
    {
        const uint shareAll = 7, openExisting = 3, backupSemantics = 0x02000000, openReparsePoint = 0x00200000;
        return Native.CreateFileW(path, access, shareAll, IntPtr.Zero, openExisting, backupSemantics | openReparsePoint, IntPtr.Zero);
    }

    private static bool IsMissing(int error) => error is FileNotFound or PathNotFound;

    /// <summary>The name of a SID as a computer (null: this one) knows it; null where it does not.</summary>
    public static object? AccountOf(string? server, byte[] sid)
    {
        Native.RequireWindows();
        uint nameLength = 0, domainLength = 0;
        Native.LookupAccountSidW(server, sid, null, ref nameLength, null, ref domainLength, out _);
        if (Marshal.GetLastWin32Error() != InsufficientBuffer) return null;
        var name = new char[nameLength];
        var domain = new char[domainLength];
        if (!Native.LookupAccountSidW(server, sid, name, ref nameLength, domain, ref domainLength, out _)) return null;
        return new Dictionary<string, object?>
        {
            ["name"] = new string(name, 0, (int)nameLength),
            ["authority"] = new string(domain, 0, (int)domainLength),
            ["isLocal"] = Native.ComputerSid(server) is { } own && IsIn(sid, own),
        };
    }

    /// <summary>True where a SID is another one and one number more.</summary>
    private static bool IsIn(byte[] sid, byte[] domain) =>
        sid[1] == domain[1] + 1 && domain.Skip(2).SequenceEqual(sid.Skip(2).Take(domain.Length - 2));

    /// <summary>The SID of `COMPUTER\name` or `DOMAIN\name` as this computer knows it; null where it does not.</summary>
    public static byte[]? SidOf(string account)
    {
        Native.RequireWindows();
        uint sidLength = 0, domainLength = 0;
        Native.LookupAccountNameW(null, account, null, ref sidLength, null, ref domainLength, out _);
        if (Marshal.GetLastWin32Error() != InsufficientBuffer) return null;
        var sid = new byte[sidLength];
        var domain = new char[domainLength];
        return Native.LookupAccountNameW(null, account, sid, ref sidLength, domain, ref domainLength, out _) ? sid : null;
    }
}
