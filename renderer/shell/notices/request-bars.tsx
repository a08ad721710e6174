import { useStore } from 'zustand';
import { BasketBar } from '../../features/requests/ask/basket-bar.tsx';
import { AssumedBanner } from '../../features/requests/assume/assumed-banner.tsx';
import { useApp, useCurrentCluster } from '../../state/context.tsx';
import classes from '../shell.module.css';

/** Above the tabs' content: the assumed access of the current cluster, and access on others that ends soon. */
export function AssumedBanners() {
  const current = useCurrentCluster();
  const overviews = useStore(useApp().requests, (state) => state.overviews);
  return Object.keys(overviews).map((key) => <AssumedBanner key={key} cluster={key} endingOnly={key !== current?.key} />);
}

/** Below the tabs' content: the basket of the current cluster. */
export function CurrentBasket() {
  const current = useCurrentCluster();
  if (!current) return null;
  return (
    <div className={classes.basket}>
      <BasketBar cluster={current.key} />
    </div>
  );
}
