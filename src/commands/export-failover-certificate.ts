import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile, writeError } from '../edge/files.ts';
import { failure, toFailoverError } from '../model/failover-error.ts';
import type { Plan } from '../model/plan.ts';
import type { Secret } from '../model/secret.ts';
import type { CertificateStore } from '../windows/dotnet.ts';
import { change } from './definition.ts';
import { output } from './output.ts';
import { certificateBridge, requirePassword, storeOf, storeParameters } from './support/certificate-store.ts';

interface ExportPlan extends Plan {
  readonly store: CertificateStore;
  readonly folder: string;
  readonly password: Secret;
}

export const exportFailoverCertificate = change({
  kind: 'change',
  verb: 'Export',
  noun: 'FailoverCertificate',
  synopsis: 'Exports certificates of the primary with their private keys for the failover server.',
  description: [
    'Writes one PKCS#12 file for each certificate, THUMBPRINT.pfx, under -Password. Import-FailoverCertificate puts it ' +
      'into the store of the failover server. Backup-FailoverSite names the certificates of a site by thumbprint.',
    'Backups never hold private keys; this is the only command that reads one. It needs an elevated session, and a key ' +
      'that was imported as exportable.',
  ],
  parameters: {
    Thumbprint: {
      type: 'string[]',
      mandatory: true,
      position: 0,
      pipeline: 'both',
      help: 'SHA-1 thumbprints, with or without spaces.',
    },
    Destination: { type: 'path', mandatory: true, help: 'Folder of the files.' },
    Password: { type: 'securestring', mandatory: true, help: 'Protects the private keys.' },
    ...storeParameters,
  },
  output: output(
    'IisFailover.CertificateExport',
    {
      Thumbprint: { type: 'string', help: 'The certificate.' },
      Path: { type: 'string', help: 'The file.' },
    },
    [{ property: 'Thumbprint', width: 40 }, { property: 'Path' }],
  ),
  confirmImpact: 'Medium',
  examples: [
    {
      title: 'See which files would be written',
      code:
        '$password = ConvertTo-SecureString (Get-Content .\\backup-password.txt) -AsPlainText -Force\n' +
        "'A909502DD82AE41433E6F83886B00D4277A32A7B' | Export-FailoverCertificate -Destination .\\certificates " +
        '-Password $password -WhatIf',
      explanation: 'Objects of the drive Cert: come by pipeline as well, for they have a Thumbprint.',
    },
  ],
  related: ['Import-FailoverCertificate', 'Backup-FailoverSite'],

  async plan(parameters): Promise<ExportPlan> {
    requirePassword(parameters.Password);
    const thumbprints = parameters.Thumbprint.map((text) => text.replace(/[^0-9A-Za-z]/g, '').toUpperCase());
    const wrong = parameters.Thumbprint.find((_, index) => !/^[0-9A-F]{40}$/.test(thumbprints[index]!));
    if (wrong !== undefined) throw failure('ParameterInvalid.thumbprint', { thumbprint: wrong });
    return {
      steps: [...new Set(thumbprints)].map((id) => ({
        id,
        target: id,
        action: `Export with its private key to ${join(parameters.Destination, `${id}.pfx`)}`,
      })),
      store: storeOf(parameters),
      folder: parameters.Destination,
      password: parameters.Password,
    };
  },

  async *apply(approved, { store, folder, password }, context) {
    if (approved.length === 0) return;
    const dotnet = await certificateBridge();
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw writeError(error, folder);
    });
    for (const { id: thumbprint } of approved) {
      const path = join(folder, `${thumbprint}.pfx`);
      try {
        const arguments_ = { ...store, thumbprint, password: password.reveal() };
        await replaceFile(path, Buffer.from(await dotnet.call('exportCertificate', arguments_)));
        yield { Thumbprint: thumbprint, Path: path };
      } catch (error) {
        context.error(toFailoverError(error, thumbprint));
      }
    }
  },
});
