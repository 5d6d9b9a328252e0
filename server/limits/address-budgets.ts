import { addressGroup, addressNetwork } from '../client-address.js';
import { type NewBucket, type Rate, TokenBuckets } from './token-bucket.js';

/** All addresses of one IPv6 network, a /48, may together do as much as this many addresses. */
const ADDRESSES_OF_NETWORK = 4;

/**
 * A budget of the same size for each address. A customer with IPv6 may use 65,536 networks, which
 * together get the budget of a few addresses.
 */
export class AddressBudgets {
  readonly #ofGroup: TokenBuckets;
  readonly #ofNetwork: TokenBuckets;

  constructor({ perSecond, burst }: Rate, newBucket?: NewBucket) {
    this.#ofGroup = new TokenBuckets({ perSecond, burst }, newBucket);
    const ofNetwork = { perSecond: perSecond * ADDRESSES_OF_NETWORK, burst: burst * ADDRESSES_OF_NETWORK };
    this.#ofNetwork = new TokenBuckets(ofNetwork, newBucket);
  }

  /** As `TokenBucket.wait`, of an address's budget. */
  wait(address: string, amount: number, now: number): number {
    const network = addressNetwork(address);
    const ofNetwork = network === undefined ? 0 : this.#ofNetwork.wait(network, amount, now);
    return Math.max(ofNetwork, this.#ofGroup.wait(addressGroup(address), amount, now));
  }

  /** As `TokenBucket.take`. */
  take(address: string, amount: number, now: number): number {
    const wait = this.wait(address, amount, now);
    if (wait > 0) return wait;
    const network = addressNetwork(address);
    if (network !== undefined) this.#ofNetwork.take(network, amount, now);
    return this.#ofGroup.take(addressGroup(address), amount, now);
  }
}
