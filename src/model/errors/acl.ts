import type { ErrorKind } from './error-kind.ts';

/** Failures of src/acl. */
export const aclErrors = {
  AclInvalid: {
    category: 'InvalidData',
    remedy: 'Look at the permissions with icacls (Windows) or getfacl, and set them anew there.',
  },
  AclUnsupported: {
    category: 'InvalidData',
    remedy:
      'Write the SID of the account, and leave object and conditional entries to the tools that made them.',
  },
  AclTooLarge: {
    category: 'LimitsExceeded',
    remedy: 'Give the rights to a group instead of many accounts.',
  },
  AclUnreadable: {
    category: 'ReadError',
    remedy:
      'Run as administrator (root), or leave permissions out with -NoAcl. The content itself is copied.',
  },
  AclNotWritable: {
    category: 'WriteError',
    remedy:
      'Run as administrator (root), or leave permissions out with -NoAcl. The content itself is copied.',
  },
  AclStoreMissing: {
    category: 'NotInstalled',
    remedy: 'Install the missing part, or leave permissions out with -NoAcl (setting content.acl: none).',
  },
  AccountMapInvalid: {
    category: 'InvalidArgument',
    remedy: "Give SIDs or account names: @{ 'PRIMARY\\IUSR_PRIMARY' = 'STANDBY\\IUSR_STANDBY' }.",
  },
} as const satisfies Record<string, ErrorKind>;
