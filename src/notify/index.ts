/** Tells administrators what a monitor has seen and done. */
export { channelsOf } from './channels.ts';
export type { Channel } from './channel.ts';
export { type Delivery, deliver } from './notifier.ts';
export { Herald } from './herald.ts';
export { notification, type Notification } from './notification.ts';
