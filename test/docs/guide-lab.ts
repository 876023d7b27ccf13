import { copyFile, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Lab, startLab } from '../../build/demo/lab.ts';
import { type LabMail, startLabMail } from '../support/lab-mail.ts';
import { type PwshOptions, type PwshResult, runPwsh, startPwsh } from '../support/pwsh.ts';
import { root } from './blocks.ts';
import { replacements } from './powershell-blocks.ts';

/** A settings file of the lab: that of the failover server and the monitor, the primary's, or none yet. */
export type SettingsOf = 'failover' | 'primary' | 'nobody';

/** The demo's lab, as a reader of a guide finds it: set up, backed up and restored. */
export class GuideLab {
  private constructor(
    readonly lab: Lab,
    private readonly mail: LabMail,
  ) {}

  static async start(): Promise<GuideLab> {
    const self = new GuideLab(await startLab(), await startLabMail());
    try {
      await self.prepare();
    } catch (error) {
      await self.stop();
      throw error;
    }
    return self;
  }

  /** The mails that were sent. */
  get mails(): readonly string[] {
    return this.mail.received;
  }

  get folder(): string {
    return this.lab.folder;
  }

  /** Runs a block of a guide as it stands, but for what a reader has of his own. */
  run(code: string, settings: SettingsOf = 'failover'): Promise<PwshResult> {
    return runPwsh(this.script(code), this.options(settings));
  }

  /** Runs a block that does not end until its output matches, stops it as Ctrl+C does, and returns what it said. */
  async runUntil(code: string, until: RegExp): Promise<PwshResult> {
    const args = ['-NoProfile', '-NonInteractive', '-Command', this.script(code)];
    const session = startPwsh(args, this.options('failover'));
    session.end();
    await session.waitFor(until);
    session.kill('SIGINT');
    return session.result;
  }

  async stop(): Promise<void> {
    await Promise.all([this.lab.stop(), this.mail.stop()]);
  }

  private async prepare(): Promise<void> {
    const { folder, primary } = this.lab;
    const place = (name: string): string => join(folder, name);
    await copyFile(primary.configurationFile, place('applicationHost.config'));
    await copyFile(join(root, 'test/fixtures/iis6/modsic.MetaBase.xml'), place('MetaBase.xml'));
    const settings = JSON.parse(await readFile(place('failover.json'), 'utf8')) as object;
    const primarys = { ...settings, configurationFile: primary.configurationFile };
    await writeFile(place('primary.json'), JSON.stringify(primarys, undefined, 2));
    const inetsrv = place('windows/System32/inetsrv/config');
    await mkdir(inetsrv, { recursive: true });
    await copyFile(primary.configurationFile, join(inetsrv, 'applicationHost.config'));
    await mkdir(place('modules'));
    await symlink(join(root, 'module'), place('modules/IisFailover'));
    await this.mustRun('Backup-FailoverSite', 'primary');
    await this.mustRun('Restore-FailoverSite; Copy-FailoverContent', 'failover');
  }

  private async mustRun(code: string, settings: SettingsOf): Promise<void> {
    const { stderr } = await this.run(code, settings);
    if (stderr !== '') throw new Error(stderr);
  }

  private script(code: string): string {
    let script = code.replaceAll("'mail.example.com', 25", `'127.0.0.1', ${this.mail.port}`);
    for (const [text, here] of replacements) script = script.replaceAll(text, here);
    // Who reads the guide types a password; nobody types here.
    const readHost =
      'function Read-Host { [System.Net.NetworkCredential]::new("", ' +
      "[System.IO.File]::ReadAllText('backup-password.txt').Trim()).SecurePassword }";
    return `$ErrorActionPreference = 'Stop'; Import-Module IisFailover; ${readHost}\n${script}`;
  }

  private options(settings: SettingsOf): PwshOptions {
    const name =
      settings === 'nobody' ? 'new.json' : `${settings === 'primary' ? 'primary' : 'failover'}.json`;
    const { folder } = this.lab;
    return {
      cwd: folder,
      env: {
        IISFAILOVER_SETTINGS: join(folder, name),
        PSModulePath: join(folder, 'modules'),
        SystemRoot: join(folder, 'windows'),
      },
      timeoutMs: 60_000,
    };
  }
}
