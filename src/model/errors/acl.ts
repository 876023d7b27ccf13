import type { ErrorKind } from './error-kind.ts';

/** Failures of src/acl. */
export const aclErrors = {
  AclInvalid: {
    message: {
      sidBytes: 'The descriptor holds no valid SID at byte {offset}.',
      sid: '{sid} is no SID.',
      posix: 'A value with POSIX permissions is too short.',
      descriptor: 'A security descriptor is damaged: {why} (byte {offset}).',
      samba: 'The attribute security.NTACL is damaged or of a new version.',
      sambaOffset: 'The attribute security.NTACL is damaged: an offset is wrong.',
      sddl: '"{text}" is no descriptor in SDDL: {why}.',
    },
    category: 'InvalidData',
    remedy: 'Look at the permissions with icacls (Windows) or getfacl, and set them anew there.',
  },
  AclUnsupported: {
    message: 'Cannot express {what} in SDDL here.',
    category: 'InvalidData',
    remedy:
      'Write the SID of the account, and leave object and conditional entries to the tools that made them.',
  },
  AclTooLarge: {
    message: 'An access control list has {size} bytes; 65535 are allowed.',
    category: 'LimitsExceeded',
    remedy: 'Give the rights to a group instead of many accounts.',
  },
  AclUnreadable: {
    message: 'Cannot read the permissions of {path}: {why}',
    category: 'ReadError',
    remedy:
      'Run as administrator (root), or leave permissions out with -NoAcl. The content itself is copied.',
  },
  AclNotWritable: {
    message: 'Cannot set the permissions of {path}: {why}',
    category: 'WriteError',
    remedy:
      'Run as administrator (root), or leave permissions out with -NoAcl. The content itself is copied.',
  },
  AclStoreMissing: {
    message: {
      koffi: 'Permissions need the package koffi, which cannot be loaded.',
      kind: 'Permissions of the kind {mode} cannot be carried to {destination}: {reason}.',
    },
    category: 'NotInstalled',
    remedy: 'Install the missing part, or leave permissions out with -NoAcl (setting content.acl: none).',
  },
  AccountMapInvalid: {
    message: "The account map's entry for {account} is wrong: {why}.",
    category: 'InvalidArgument',
    remedy: "Give SIDs or account names: @{ 'PRIMARY\\IUSR_PRIMARY' = 'STANDBY\\IUSR_STANDBY' }.",
  },
} as const satisfies Record<string, ErrorKind>;
