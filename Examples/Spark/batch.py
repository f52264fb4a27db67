#!/usr/bin/env python3
"""Embeds and translates a table of sentences under Apache Spark, each partition through a process of `attend`.

    spark-submit batch.py --sentences sentences.txt --output out \\
        --embed "attend embed --json --model all-MiniLM-L6-v2" --translate "attend translate"

A command that reads lines and answers each with a line can be piped through: `RDD.pipe` starts it once a partition, gives it the partition's lines,
and takes what it writes, in order. A command that fails, or is killed, fails its task, and Spark tries the partition again.
"""

import argparse
import json

from pyspark.sql import Row, SparkSession


def answered(sentences, command):
    """The sentences and what the command answers to each, as pairs."""
    # An exit code other than 0 fails the task, so that half an answer never counts.
    return sentences.zip(sentences.pipe(command, checkCode=True))


def one_line(text):
    """A sentence as a line: what would end it becomes a space."""
    return " ".join(text.split())


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--sentences", required=True, help="a text file, a sentence a line")
    parser.add_argument("--output", required=True, help="a folder for the results, as JSON lines")
    parser.add_argument("--embed", help="the command that writes a JSON object with an embedding for each line")
    parser.add_argument("--translate", help="the command that writes a translation for each line")
    parser.add_argument("--partitions", type=int, default=4)
    options = parser.parse_args()

    spark = SparkSession.builder.appName("attend").getOrCreate()
    frame = spark.read.text(options.sentences).withColumnRenamed("value", "sentence").repartition(options.partitions)
    # Kept as they are, so that the partitions of both commands are the same ones.
    sentences = frame.rdd.map(lambda row: one_line(row.sentence)).filter(bool).cache()

    rows = sentences.map(lambda sentence: {"sentence": sentence})
    if options.translate:
        rows = answered(sentences, options.translate).map(lambda pair: {"sentence": pair[0], "translation": pair[1]})
    if options.embed:
        vectors = answered(sentences, options.embed).map(lambda pair: json.loads(pair[1])["embedding"])
        rows = rows.zip(vectors).map(lambda pair: {**pair[0], "embedding": pair[1]})
    spark.createDataFrame(rows.map(lambda row: Row(**row))).write.mode("overwrite").json(options.output)
    spark.stop()


if __name__ == "__main__":
    main()
