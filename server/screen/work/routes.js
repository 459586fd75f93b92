/** The screens for work, each under the first part of its address: `#/rework/swap` is the screen `rework`. */

import { ActionsScreen } from "../screens/actions.js";
import { AdminScreen } from "../screens/admin.js";
import { DeedScreen } from "../screens/deed.js";
import { FeedScreen } from "../screens/feed.js";
import { FindScreen } from "../screens/find.js";
import { HistoryScreen } from "../screens/history.js";
import { LotScreen, LotsScreen } from "../screens/lot.js";
import { CommandsScreen, DemoScreen, LabelScreen } from "../screens/paper.js";
import { ReconcileScreen } from "../screens/reconcile.js";
import { ReworkScreen } from "../screens/rework.js";
import { SelfTestScreen } from "../screens/selftest.js";
import { SupervisorScreen } from "../screens/supervisor.js";
import { TreeScreen } from "../screens/tree.js";

/** @type {Record<string, new () => import("../screen.js").Screen>} */
export const routes = {
  actions: ActionsScreen,
  admin: AdminScreen,
  commands: CommandsScreen,
  demo: DemoScreen,
  do: DeedScreen,
  feed: FeedScreen,
  find: FindScreen,
  history: HistoryScreen,
  label: LabelScreen,
  lot: LotScreen,
  lots: LotsScreen,
  reconcile: ReconcileScreen,
  rework: ReworkScreen,
  selftest: SelfTestScreen,
  supervisor: SupervisorScreen,
  tree: TreeScreen,
};
