/** Stores of this device: what is written is on its disk before it counts as kept, so that an empty battery takes nothing. */

import { whileBusy } from "./busy.js";

/** @template T @param {IDBRequest<T>} asked @returns {Promise<T>} */
function answered(asked) {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** @param {IDBDatabase} database @param {string} name @param {(store: IDBObjectStore) => void} change @returns {Promise<void>} */
function written(database, name, change) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
    change(transaction.objectStore(name));
  });
}

/**
 * A store in a database of its own.
 * @param {{database: string, name: string, key: string | string[]}} which
 */
export function storeIn({ database, name, key }) {
  /** @type {Promise<IDBDatabase> | null} */
  let opened = null;
  const open = () => {
    opened ??= (() => {
      const asked = indexedDB.open(database, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(name, { keyPath: key });
      return answered(asked);
    })();
    return opened;
  };
  return {
    /** @template T @param {(store: IDBObjectStore) => IDBRequest<T>} ask @returns {Promise<T>} */
    read(ask) {
      return whileBusy(open().then((database) => answered(ask(database.transaction(name).objectStore(name)))));
    },
    /** Changes the store; done when it is on the disk of the device. @param {(store: IDBObjectStore) => void} change */
    write(change) {
      return whileBusy(open().then((database) => written(database, name, change)));
    },
  };
}
