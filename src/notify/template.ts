import { failure } from '../model/failover-error.ts';
import { notification, type Notification } from './notification.ts';

/** Any JSON value of the settings; `{name}` in its texts stands for a property of the notification. */
export type Template = unknown;

const placeholder = /\{(\w+)\}/g;

/** The names that a template may use. */
export const placeholders = Object.keys(
  notification('Test', new Date(0), ''),
) as readonly (keyof Notification)[];

/** A text with its placeholders filled in. */
export function fillText(template: string, values: Notification): string {
  return template.replace(placeholder, (whole, name: string) => {
    const value = (values as unknown as Record<string, string | boolean | string[]>)[name];
    if (value === undefined) return whole;
    return Array.isArray(value) ? value.join('; ') : String(value);
  });
}

/** A JSON value with the placeholders of all its texts filled in; quoting is the JSON encoder's. */
export function fill(template: Template, values: Notification): unknown {
  if (typeof template === 'string') return fillText(template, values);
  if (Array.isArray(template)) return template.map((one) => fill(one, values));
  if (typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(Object.entries(template).map(([key, value]) => [key, fill(value, values)]));
}

/** @throws FailoverError NotifyTemplateInvalid for a placeholder that there is not */
export function checkTemplate(template: Template, channel: string): void {
  const text = JSON.stringify(template) ?? '';
  for (const [, name = ''] of text.matchAll(placeholder))
    if (!placeholders.includes(name as keyof Notification))
      throw failure(
        'NotifyTemplateInvalid',
        { channel, placeholder: `{${name}}`, known: placeholders.map((one) => `{${one}}`).join(', ') },
        { target: channel },
      );
}
