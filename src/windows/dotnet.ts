import { access } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reason } from '../edge/files.ts';
import type { SecretPlace } from '../iis/secret-store.ts';
import { failure, type FailoverError } from '../model/failover-error.ts';

/** The bridge's methods (build/dotnet-bridge/Startup.cs): what each takes and gives. */
export interface DotNetMethods {
  /** The runtime's name and version, e.g. ".NET Framework 4.8.4645.0". */
  runtime(arguments_: object): string;
  /** The value as it comes back: null, booleans, strings, numbers, Dates, Buffers, arrays and objects of these. */
  echo(arguments_: { readonly value: unknown }): unknown;
  /**
   * ReplaceFileW: `to`, which must exist, gets the content of `from` and keeps its ACL, owner and attributes; its old
   * content goes to `backup`. All on one volume.
   */
  replaceFile(arguments_: {
    readonly from: string;
    readonly to: string;
    readonly backup: string | null;
  }): null;
  /** Values of a configuration file through Microsoft.Web.Administration (`assembly`): each in clear, or why not. */
  openSecrets(arguments_: AdministrationCall & { readonly places: readonly SecretPlace[] }): readonly {
    readonly value?: string | null;
    readonly error?: string;
  }[];
  /** Sets values of a configuration file, all or none; IIS's providers encrypt what its schema says. */
  setSecrets(
    arguments_: AdministrationCall & {
      readonly places: readonly (SecretPlace & { readonly value: string })[];
    },
  ): null;
  /** The certificates of the file's bindings, as http.sys has them. */
  bindingCertificates(arguments_: AdministrationCall): readonly BindingCertificate[];
  /** The certificates of a store. */
  certificates(arguments_: CertificateStore): readonly StoredCertificate[];
  /** A certificate with its private key, as PKCS#12. */
  exportCertificate(
    arguments_: CertificateStore & { readonly thumbprint: string; readonly password: string },
  ): Uint8Array;
  /** Adds a PKCS#12 file's certificates with a private key to a store. */
  importCertificate(
    arguments_: CertificateStore & {
      readonly pkcs12: Uint8Array;
      readonly password: string;
      readonly exportable: boolean;
    },
  ): readonly StoredCertificate[];
  /** For each path its self-relative descriptor, null where there is nothing, or the words of a failure. */
  readPermissions(arguments_: {
    readonly paths: readonly string[];
    readonly audit: boolean;
  }): (Buffer | string | null)[];
  /** For each item null, or the words of a failure; parts that a descriptor does not hold stay as they are. */
  writePermissions(arguments_: {
    readonly items: readonly { readonly path: string; readonly descriptor: Buffer }[];
  }): (string | null)[];
  /** LookupAccountSidW on a computer, null for this one; whether the SID is of its own accounts, not of a domain's. */
  accountOf(arguments_: {
    readonly server: string | null;
    readonly sid: Buffer;
  }): { readonly name: string; readonly authority: string; readonly isLocal: boolean } | null;
  /** LookupAccountNameW here: the SID in binary, null where there is no such account. */
  sidOf(arguments_: { readonly account: string }): Buffer | null;
}

interface AdministrationCall {
  readonly assembly: string;
  readonly file: string;
}

export interface BindingCertificate {
  readonly site: string;
  readonly protocol: string;
  readonly bindingInformation: string;
  /** SHA-1 of the certificate, upper-case hexadecimal. */
  readonly thumbprint: string;
  readonly store: string;
}

export interface CertificateStore {
  readonly location: 'LocalMachine' | 'CurrentUser';
  /** E.g. My, WebHosting. */
  readonly store: string;
}

export interface StoredCertificate {
  readonly thumbprint: string;
  readonly subject: string;
  readonly issuer: string;
  /** Subject alternative names, as the system writes them. */
  readonly names: string;
  /** ISO 8601, UTC. */
  readonly notBefore: string;
  readonly notAfter: string;
  readonly hasPrivateKey: boolean;
}

type Reply = { readonly value: unknown } | { readonly type: string; readonly message: string };

/** .NET in this process: on Windows the .NET Framework that every IIS server has. */
export class DotNet {
  readonly #invoke: (call: object) => Promise<Reply>;

  private constructor(invoke: (call: object) => Promise<Reply>) {
    this.#invoke = invoke;
  }

  /**
   * Starts the runtime through edge-js, which is loaded only here; once started it lasts as long as the process.
   * @param assembly path of IisFailover.Bridge.dll
   * @throws FailoverError DotNetUnavailable, saying what is missing
   */
  static async load(assembly: string): Promise<DotNet> {
    const unavailable = (missing: string, cause: unknown): FailoverError =>
      failure('DotNetUnavailable', { missing }, { target: assembly, cause });
    await access(assembly).catch((error: unknown) => {
      throw unavailable(`${assembly} cannot be read, ${reason(error)}`, error);
    });
    const edge = await import('edge-js').catch((error: unknown) => {
      throw unavailable(`the package edge-js cannot be loaded (${firstLine(error)})`, error);
    });
    try {
      // Where the runtime did not start, edge-js loads all the same, and lacks what func calls.
      const invoke = edge.func<object, Reply>({
        assemblyFile: assembly,
        typeName: 'IisFailover.Bridge.Startup',
      });
      return new DotNet(
        (call) =>
          new Promise((resolve, reject) =>
            invoke(call, (error, reply) => (error ? reject(error) : resolve(reply))),
          ),
      );
    } catch (error) {
      throw unavailable(`its runtime did not start or ${assembly} is damaged (${firstLine(error)})`, error);
    }
  }

  /**
   * Calls a method of the bridge.
   * @throws FailoverError DotNetFailed with the type and message of the exception
   */
  async call<M extends keyof DotNetMethods>(
    method: M,
    arguments_: Parameters<DotNetMethods[M]>[0],
  ): Promise<ReturnType<DotNetMethods[M]>> {
    const reply = await this.#invoke({ method, arguments: arguments_ });
    if ('type' in reply) {
      throw failure('DotNetFailed', { method, why: reply.message, type: reply.type });
    }
    return reply.value as ReturnType<DotNetMethods[M]>;
  }
}

/** IisFailover.Bridge.dll: beside the bundle, or where IISFAILOVER_BRIDGE says. */
export function bridgeAssembly(): string {
  return process.env.IISFAILOVER_BRIDGE ?? join(dirname(process.argv[1] ?? '.'), 'IisFailover.Bridge.dll');
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
}
