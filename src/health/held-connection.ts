import { connect } from 'node:net';

/** Opens a connection and tells once when it has ended, also where it could not be opened; gives what closes it untold. */
export type Hold = (address: string, port: number, ended: () => void) => () => void;

/** An idle connection by TCP: nothing is sent, and what comes is dropped. */
export const holdConnection: Hold = (address, port, ended) => {
  const socket = connect({ host: address, port });
  socket.on('error', () => undefined);
  socket.on('close', ended);
  socket.resume(); // or the end would not be seen
  return () => {
    socket.off('close', ended);
    socket.destroy();
  };
};
