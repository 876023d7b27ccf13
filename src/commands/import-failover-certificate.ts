import { basename } from 'node:path';
import { readRequired } from '../edge/files.ts';
import { toFailoverError } from '../model/failover-error.ts';
import type { Plan } from '../model/plan.ts';
import type { Secret } from '../model/secret.ts';
import type { CertificateStore } from '../windows/dotnet.ts';
import { change } from './definition.ts';
import { output } from './output.ts';
import { certificateBridge, storeOf, storeParameters } from './support/certificate-store.ts';

interface ImportPlan extends Plan {
  readonly store: CertificateStore;
  readonly files: ReadonlyMap<string, Buffer>;
  readonly password: Secret;
  readonly exportable: boolean;
}

export const importFailoverCertificate = change({
  kind: 'change',
  verb: 'Import',
  noun: 'FailoverCertificate',
  synopsis: 'Puts certificates of Export-FailoverCertificate into the store of the failover server.',
  description: [
    'Adds the certificates that have a private key, for the computer. One that is there already stays. The bindings ' +
      'take them in IIS Manager or with netsh http add sslcert.',
  ],
  parameters: {
    Path: { type: 'path[]', mandatory: true, position: 0, help: 'PKCS#12 files (.pfx).' },
    Password: { type: 'securestring', mandatory: true, help: 'The password of the files.' },
    Exportable: { type: 'switch', help: 'The private keys can be exported again.' },
    ...storeParameters,
  },
  output: output(
    'IisFailover.CertificateImport',
    {
      Thumbprint: { type: 'string', help: 'The certificate.' },
      Subject: { type: 'string', help: 'Whose it is.' },
      NotAfter: { type: 'datetime', help: 'When it expires.' },
      Store: { type: 'string', help: 'The store that has it now.' },
      Path: { type: 'string', help: 'The file.' },
    },
    [
      { property: 'Thumbprint', width: 40 },
      { property: 'NotAfter', width: 20 },
      { property: 'Store', width: 10 },
      { property: 'Subject' },
    ],
  ),
  confirmImpact: 'Medium',
  examples: [
    {
      title: 'See which certificates would be imported',
      code:
        '$password = ConvertTo-SecureString (Get-Content .\\backup-password.txt) -AsPlainText -Force\n' +
        'Import-FailoverCertificate .\\shop.pfx -Password $password -Store WebHosting -WhatIf',
      explanation: 'Without -WhatIf the certificate is added to the store WebHosting of this computer.',
    },
  ],
  related: ['Export-FailoverCertificate', 'Restore-FailoverSite'],

  async plan(parameters, context): Promise<ImportPlan> {
    const files = new Map<string, Buffer>();
    for (const path of parameters.Path) {
      try {
        files.set(path, await readRequired(path));
      } catch (error) {
        context.error(toFailoverError(error, path));
      }
    }
    const store = storeOf(parameters);
    return {
      steps: [...files.keys()].map((id) => ({
        id,
        target: basename(id),
        action: `Import into ${store.location}\\${store.store}`,
      })),
      store,
      files,
      password: parameters.Password,
      exportable: parameters.Exportable === true,
    };
  },

  async *apply(approved, { store, files, password, exportable }, context) {
    if (approved.length === 0) return;
    const dotnet = await certificateBridge();
    for (const { id: path } of approved) {
      try {
        const pkcs12 = files.get(path)!;
        const arguments_ = { ...store, pkcs12, password: password.reveal(), exportable };
        for (const one of await dotnet.call('importCertificate', arguments_))
          yield {
            Thumbprint: one.thumbprint,
            Subject: one.subject,
            NotAfter: new Date(one.notAfter),
            Store: store.store,
            Path: path,
          };
      } catch (error) {
        context.error(toFailoverError(error, path));
      }
    }
  },
});
