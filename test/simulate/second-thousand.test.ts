// Goal: what Kafka and Spark promise holds through whatever a seed thinks of, and what they do not
// promise is seen to break. Method: a thousand scenarios, of two that run side by side.
import { checkSeeds } from "./check-seeds.ts";

checkSeeds(1001, 2000);
