import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CarriedCertificate } from '../iis/certificates.ts';
import type { OpenedSecret, SecretPlace, SecretStore } from '../iis/secret-store.ts';
import { failure } from '../model/failover-error.ts';
import { Secret } from '../model/secret.ts';
import type { DotNet, StoredCertificate } from './dotnet.ts';

/** The part of DotNet that is used here. */
type Caller = Pick<DotNet, 'call'>;

/** Secrets through Microsoft.Web.Administration; every call is for an elevated account. */
export class WebAdministration implements SecretStore {
  readonly #dotnet: Caller;
  readonly #assembly: string;

  /** @param assembly path of Microsoft.Web.Administration.dll */
  constructor(dotnet: Caller, assembly: string) {
    this.#dotnet = dotnet;
    this.#assembly = assembly;
  }

  async open(file: string, places: readonly SecretPlace[]): Promise<OpenedSecret[]> {
    const found = await this.#dotnet.call('openSecrets', { assembly: this.#assembly, file, places });
    return found.map((one) =>
      typeof one.value === 'string'
        ? { value: new Secret(one.value) }
        : { error: one.error ?? 'it has no value' },
    );
  }

  async set(
    text: string,
    values: readonly { readonly place: SecretPlace; readonly value: Secret }[],
  ): Promise<string> {
    // In a folder that no one else may enter; the file holds clear text at no time, for IIS encrypts before it writes.
    const folder = await mkdtemp(join(tmpdir(), 'iisfailover-'));
    try {
      const file = join(folder, 'applicationHost.config');
      await writeFile(file, text, { mode: 0o600 });
      const places = values.map(({ place, value }) => ({ ...place, value: value.reveal() }));
      await this.#dotnet.call('setSecrets', { assembly: this.#assembly, file, places });
      return await readFile(file, 'utf8');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw failure(
        'SecretNotSet.failed',
        { why },
        {
          cause: error,
        },
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  /** The certificates of https bindings, by site, as http.sys and the stores of this computer have them. */
  async certificates(file: string): Promise<(CarriedCertificate & { readonly site: string })[]> {
    const bindings = await this.#dotnet.call('bindingCertificates', { assembly: this.#assembly, file });
    const stores = new Map<string, readonly StoredCertificate[]>();
    for (const { store } of bindings) {
      if (stores.has(store)) continue;
      // A store that cannot be read leaves the thumbprint, which is what http.sys has.
      const found = this.#dotnet.call('certificates', { location: 'LocalMachine', store }).catch(() => []);
      stores.set(store, await found);
    }
    return bindings.map(({ site, bindingInformation, thumbprint, store }) => {
      const known = stores.get(store)?.find((one) => one.thumbprint === thumbprint);
      const { subject = '', names = '', notAfter = '' } = known ?? {};
      return { site, bindingInformation, store, thumbprint, subject, names, notAfter };
    });
  }
}

/**
 * Where IIS keeps Microsoft.Web.Administration.dll.
 * @throws FailoverError WebAdministrationMissing
 */
export async function webAdministrationAssembly(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string> {
  const system = environment.SystemRoot;
  if (system === undefined) throw failure('WebAdministrationMissing.platform');
  // A 32-bit process is shown SysWOW64 in the place of System32.
  const folder = process.arch === 'ia32' ? 'Sysnative' : 'System32';
  const path = join(system, folder, 'inetsrv', 'Microsoft.Web.Administration.dll');
  await access(path).catch((error: unknown) => {
    throw failure('WebAdministrationMissing.file', { path }, { target: path, cause: error });
  });
  return path;
}
