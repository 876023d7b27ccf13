import type { Settings } from './schema.ts';

/** Rules of monitor.notify beyond its form. */
export function checkNotify(settings: Settings): { path: (string | number)[]; message: string }[] {
  const { webhooks = [], mails = [], scripts = [] } = settings.monitor?.notify ?? {};
  const at = (...path: (string | number)[]) => ['monitor', 'notify', ...path];
  const one = (a: unknown, b: unknown): boolean => (a === undefined) !== (b === undefined);
  return [
    ...webhooks.flatMap(({ url, urlSecret }, i) => [
      ...(one(url, urlSecret) ? [] : [{ path: at('webhooks', i), message: 'Give either url or urlSecret' }]),
      ...(url === undefined || (/^https?:\/\//i.test(url) && URL.canParse(url))
        ? []
        : [{ path: at('webhooks', i, 'url'), message: `${url} is not an http or https URL` }]),
    ]),
    ...scripts.flatMap(({ file, block }, i) =>
      one(file, block) ? [] : [{ path: at('scripts', i), message: 'Give either file or block' }],
    ),
    ...mails.flatMap(({ userName, password, security }, i) => [
      ...(one(userName, password)
        ? [{ path: at('mails', i), message: 'userName and password belong together' }]
        : []),
      ...(security === 'none' && password !== undefined
        ? [{ path: at('mails', i, 'security'), message: 'A password is not sent in the clear' }]
        : []),
    ]),
  ];
}
