// Every vector there is: a new file of programs is added here.
package streamscope.vectors

import org.apache.spark.streaming.vectors.{Api, KafkaRates, KafkaStreams, Lifecycle, SettingsVectors,
  SparkVector}

object Groups {
  val all: Seq[SparkVector] = Tasks.all ++ Operators.all ++ StreamOperators.all ++ StreamWindows.all ++
    StreamJoins.all ++ StreamState.all ++ StreamMessages.all ++ StreamPrinting.all ++
    StreamQueue.all ++ Printing.all ++ Lineages.all ++ RddBasics.all ++
    RddElements.all ++ RddSets.all ++ RddActions.all ++ RddDoubles.all ++ RddSampling.all ++
    RddDistinctCounts.all ++ RddFailures.all ++
    RddPairs.all ++ RddPlaces.all ++ RddCached.all ++ Cluster.all ++
    Api.all ++ FilePrograms.all ++ Receivers.all ++
    KafkaRates.all ++ KafkaStreams.all ++ Scheduling.all ++ Recovery.all ++ Lifecycle.all ++
    SettingsVectors.all
}
