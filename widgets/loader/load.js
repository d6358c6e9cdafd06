/** How often the modules of these addresses could not be loaded. */
const failed = new Map();

/**
 * A module, which may be asked for again after it could not be loaded. Browsers remember such a failure as long as the page is there:
 * only at another address is it another module.
 */
export async function load(address) {
  const url = new URL(address);
  const times = failed.get(address) ?? 0;
  if (times) url.searchParams.set("again", times);
  try {
    return await import(url.href);
  } catch (error) {
    failed.set(address, times + 1);
    throw error;
  }
}
