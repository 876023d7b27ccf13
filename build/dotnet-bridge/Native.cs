using System;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace IisFailover.Bridge;

/// <summary>Win32 calls of Permissions.cs.</summary>
internal static class Native
{
    private static bool privileged;

    public static void RequireWindows()
    {
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            throw new PlatformNotSupportedException("Security descriptors are Windows'.");
    }

    /// <summary>
    /// Of those the account has: to read and to write every descriptor, to give files to other owners, and for audit
    /// entries. What it has not shows when a call is denied.
    /// </summary>
    public static void EnablePrivileges()
    {
        RequireWindows();
        if (privileged) return;
        const uint adjust = 0x20, enabled = 2;
        if (!OpenProcessToken(GetCurrentProcess(), adjust, out var token)) throw new Win32Exception();
        try
        {
            foreach (var name in new[] { "SeBackupPrivilege", "SeRestorePrivilege", "SeTakeOwnershipPrivilege", "SeSecurityPrivilege" })
            {
                var state = new TokenPrivilege { Count = 1, Attributes = enabled };
                if (LookupPrivilegeValueW(null, name, out state.Luid))
                    AdjustTokenPrivileges(token, false, ref state, 0, IntPtr.Zero, IntPtr.Zero);
            }
            privileged = true;
        }
        finally
        {
            CloseHandle(token);
        }
    }

    /// <summary>The SID that a computer's local accounts begin with; null where it does not say.</summary>
    public static byte[]? ComputerSid(string? server)
    {
        const uint viewLocalInformation = 1;
        const int accountDomainInformation = 5;
        var name = server is null ? null : new[] { LsaString.From(server) };
        var attributes = new byte[48];
        try
        {
            if (LsaOpenPolicy(name, attributes, viewLocalInformation, out var policy) != 0) return null;
            try
            {
                if (LsaQueryInformationPolicy(policy, accountDomainInformation, out var information) != 0) return null;
                try
                {
                    var sid = Marshal.PtrToStructure<AccountDomain>(information).Sid;
                    var bytes = new byte[GetLengthSid(sid)];
                    Marshal.Copy(sid, bytes, 0, bytes.Length);
                    return bytes;
                }
                finally
                {
                    LsaFreeMemory(information);
                }
            }
            finally
            {
                LsaClose(policy);
            }
        }
        finally
        {
            if (name is not null) Marshal.FreeHGlobal(name[0].Buffer);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct LsaString
    {
        public ushort Length;
        public ushort MaximumLength;
        public IntPtr Buffer;

        public static LsaString From(string text) => new()
        {
            Length = (ushort)(2 * text.Length),
            MaximumLength = (ushort)(2 * text.Length + 2),
            Buffer = Marshal.StringToHGlobalUni(text),
        };
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct AccountDomain
    {
        public LsaString Name;
        public IntPtr Sid;
    }

    [DllImport("advapi32")]
    private static extern uint LsaOpenPolicy([In] LsaString[]? server, byte[] attributes, uint access, out IntPtr policy);

    [DllImport("advapi32")]
    private static extern uint LsaQueryInformationPolicy(IntPtr policy, int kind, out IntPtr information);

    [DllImport("advapi32")]
    private static extern uint LsaFreeMemory(IntPtr memory);

    [DllImport("advapi32")]
    private static extern uint LsaClose(IntPtr policy);

    [DllImport("advapi32")]
    private static extern int GetLengthSid(IntPtr sid);

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct TokenPrivilege
    {
        public uint Count;
        public long Luid;
        public uint Attributes;
    }

    [DllImport("kernel32", SetLastError = true, CharSet = CharSet.Unicode, ExactSpelling = true)]
    public static extern SafeFileHandle CreateFileW(
        string path, uint access, uint share, IntPtr security, uint disposition, uint flags, IntPtr template);

    [DllImport("advapi32", SetLastError = true, ExactSpelling = true)]
    public static extern bool GetKernelObjectSecurity(
        SafeFileHandle handle, uint parts, byte[]? descriptor, uint length, out uint needed);

    [DllImport("advapi32", SetLastError = true, ExactSpelling = true)]
    public static extern bool SetKernelObjectSecurity(SafeFileHandle handle, uint parts, byte[] descriptor);

    [DllImport("advapi32", SetLastError = true, CharSet = CharSet.Unicode, ExactSpelling = true)]
    public static extern bool LookupAccountSidW(
        string? server, byte[] sid, [Out] char[]? name, ref uint nameLength, [Out] char[]? domain, ref uint domainLength, out int use);

    [DllImport("advapi32", SetLastError = true, CharSet = CharSet.Unicode, ExactSpelling = true)]
    public static extern bool LookupAccountNameW(
        string? server, string account, [Out] byte[]? sid, ref uint sidLength, [Out] char[]? domain, ref uint domainLength, out int use);

    [DllImport("kernel32")]
    private static extern IntPtr GetCurrentProcess();

    [DllImport("kernel32")]
    private static extern bool CloseHandle(IntPtr handle);

    [DllImport("advapi32", SetLastError = true)]
    private static extern bool OpenProcessToken(IntPtr process, uint access, out IntPtr token);

    [DllImport("advapi32", SetLastError = true, CharSet = CharSet.Unicode, ExactSpelling = true)]
    private static extern bool LookupPrivilegeValueW(string? system, string name, out long luid);

    [DllImport("advapi32", SetLastError = true)]
    private static extern bool AdjustTokenPrivileges(
        IntPtr token, bool disableAll, ref TokenPrivilege state, uint length, IntPtr previous, IntPtr previousLength);
}
