import { failure } from '../../model/failover-error.ts';
import type { Secret } from '../../model/secret.ts';
import { bridgeAssembly, type CertificateStore, DotNet } from '../../windows/dotnet.ts';

export const storeParameters = {
  Store: {
    type: 'string',
    help: 'The certificate store, as IIS names it: My, WebHosting.',
    defaultText: 'My.',
  },
  StoreLocation: {
    type: 'string',
    choices: ['LocalMachine', 'CurrentUser'],
    help: 'Whose store it is. IIS uses those of the computer.',
    defaultText: 'LocalMachine.',
  },
} as const;

export function storeOf(parameters: {
  readonly Store?: string | undefined;
  readonly StoreLocation?: CertificateStore['location'] | undefined;
}): CertificateStore {
  return { location: parameters.StoreLocation ?? 'LocalMachine', store: parameters.Store ?? 'My' };
}

/** A key without a password would be a secret in clear in a file. */
export function requirePassword(password: Secret): void {
  if (password.reveal() === '') throw failure('ParameterInvalid.passwordEmpty');
}

export function certificateBridge(): Promise<DotNet> {
  return DotNet.load(bridgeAssembly());
}
