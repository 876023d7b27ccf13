import type { PowerShellSession } from '../windows/powershell-session.ts';
import type { ShareState } from './items.ts';

/** What is used of a session. */
type Session = Pick<PowerShellSession, 'invoke'>;

/** Shares of this server, through the cmdlets of the module SmbShare (Windows Server 2012 and later). */
export class ShareStore {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Undefined where there is no share of the name. */
  async read(name: string): Promise<ShareState | undefined> {
    // All are listed, because a name that is not there is an error.
    const shares = (await this.#session.invoke('Get-SmbShare')) as {
      Name: string;
      Path: string | null;
      SecurityDescriptor: string | null;
    }[];
    const share = shares.find((one) => one.Name.toLowerCase() === name.toLowerCase());
    if (share === undefined) return undefined;
    return { path: share.Path ?? '', sddl: share.SecurityDescriptor ?? '' };
  }

  /** The descriptor comes with it: without one, everyone may read the share until it is restricted. */
  async create(name: string, path: string, sddl: string): Promise<void> {
    await this.#session.invoke('New-SmbShare', {
      Name: name,
      Path: path,
      SecurityDescriptor: sddl,
      FolderEnumerationMode: 'AccessBased',
      CachingMode: 'None',
      Description: 'Backups of IisFailover',
    });
  }

  async restrict(name: string, sddl: string): Promise<void> {
    await this.#session.invoke('Set-SmbShare', { Name: name, SecurityDescriptor: sddl, Force: true });
  }

  async remove(name: string): Promise<void> {
    await this.#session.invoke('Remove-SmbShare', { Name: name, Force: true });
  }
}

/** Sources of the event log, through the cmdlets of Windows PowerShell. */
export class EventSourceStore {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  async exists(log: string, name: string): Promise<boolean> {
    const files = (await this.#session.invoke('Get-CimInstance', { ClassName: 'Win32_NTEventlogFile' })) as {
      LogfileName: string;
      Sources: string[] | null;
    }[];
    const file = files.find((one) => one.LogfileName.toLowerCase() === log.toLowerCase());
    return (file?.Sources ?? []).some((one) => one.toLowerCase() === name.toLowerCase());
  }

  async create(log: string, name: string): Promise<void> {
    await this.#session.invoke('New-EventLog', { LogName: log, Source: name });
  }

  /** The source only; its events stay in the log. */
  async remove(name: string): Promise<void> {
    await this.#session.invoke('Remove-EventLog', { Source: name });
  }
}
