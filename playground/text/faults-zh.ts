/** Faults, their fields and moments in simplified Chinese, by the names the script has for them. */

export const faultsZh: {
  readonly faults: Readonly<Record<string, { readonly name: string; readonly shows: string }>>;
  readonly fields: Readonly<Record<string, string>>;
  readonly moments: Readonly<Record<string, string>>;
} = {
  faults: {
    crashBroker: {
      name: "broker 崩溃",
      shows:
        "它领导的分区几秒内没有 leader，直到控制器将其隔离并选出同步副本；生产者重试。" +
        "回来之后它会截断新 leader 没有的记录。",
    },
    stopBroker: {
      name: "broker 有序停机",
      shows: "对它所领导分区的请求失败并重试，批次等待；不丢数据。",
    },
    addPartitions: {
      name: "增加分区",
      shows: "带键的记录换了分区；订阅的流要到下一次元数据刷新才看到新分区。",
    },
    crashDriver: {
      name: "driver 崩溃",
      shows: "executor 随之死亡；新的 driver 从检查点恢复，未完成的批次再运行一次。",
    },
    stopDriver: {
      name: "停止 driver",
      shows: "优雅停止会做完已收到的数据；立即停止会留下未完成的批次。",
    },
    loseExecutor: {
      name: "丢失 executor",
      shows: "它的任务失败并在别处重试，缓存块与混洗输出要重新计算。",
    },
    slowExecutor: { name: "executor 变慢", shows: "它的任务拖住整个阶段；推测执行可能另起副本。" },
    failTasks: { name: "任务失败", shows: "任务重试；一个任务失败四次，作业就失败。" },
    fillDisk: { name: "磁盘已满", shows: "在那里写混洗输出的任务失败，在别处重试。" },
    loseMapOutput: {
      name: "丢失 map 输出",
      shows: "读它的任务报 fetch failed，丢失的 map 任务重新运行。",
    },
    slowCheckpoints: { name: "检查点存储变慢", shows: "批次排队等待检查点写完。" },
    fillCheckpoints: { name: "检查点存储已满", shows: "写入失败；之后崩溃会从更旧的检查点恢复。" },
    tearCheckpoint: { name: "检查点写坏", shows: "恢复时跳过它，使用前一个检查点。" },
    skewClock: {
      name: "时钟偏移",
      shows:
        "使用 LogAppendTime 的主题时间戳跳变，按时间的保留过早或过晚；leader 不变，会话与选举不看这个时钟。",
    },
    failDisk: {
      name: "磁盘失效",
      shows:
        "所有日志目录离线的 broker 会被 Kafka 停止：如同崩溃，由其他副本领导；只要同步副本足够，acks=all 继续写入。",
    },
    isolateBroker: {
      name: "隔离 broker",
      shows:
        "发给它的请求超时；超过 broker.session.timeout.ms 后被隔离，由其他副本领导；恢复后它截断只有自己才有的记录。",
    },
    slowBroker: {
      name: "broker 变慢",
      shows: "对它的请求变慢，读它的批次等待；心跳照常，所以不会被隔离，也不丢数据。",
    },
    dropLink: {
      name: "断开链路",
      shows:
        "leader 与跟随者之间：超过 replica.lag.time.max.ms 后跟随者离开同步副本集；" +
        "broker 与控制器之间：它被隔离；broker 与客户端之间：请求超时并重试。",
    },
    loseOnLink: {
      name: "链路丢包",
      shows: "部分请求多花 200 ms 以上，同一连接上排在后面的也一样；没有东西真正丢失。",
    },
    slowLink: {
      name: "链路变慢",
      shows: "经过它的请求变慢，等待跟随者的确认也变慢。",
    },
    crashController: {
      name: "控制器崩溃",
      shows:
        "几秒内 leader、同步副本集和主题都不会变化，broker 照常服务；之后另一个控制器以更高的纪元接任。",
    },
    loseQuorum: {
      name: "控制器失去多数",
      shows:
        "broker 照常服务，但一切不再变化：此时崩溃的 broker 得不到新 leader，也不能建主题，直到多数恢复。",
    },
    compactTopic: {
      name: "压缩主题",
      shows:
        "已关闭的段里每个键只留最后一条：中间的偏移量消失，读者会遇到空洞，但不会最后读到旧值。",
    },
    setMinInsync: {
      name: "设置 min.insync.replicas",
      shows: "同步副本不足时，acks=all 得到 NOT_ENOUGH_REPLICAS 并重试，高水位停住，直到副本足够。",
    },
    electPreferred: {
      name: "首选副本选举",
      shows:
        "首选副本若在同步，就以更高纪元领导；元数据过期的客户端得到一次 NOT_LEADER_OR_FOLLOWER，不丢数据。",
    },
    deleteRecords: {
      name: "删除记录",
      shows:
        "日志起点后移；下一个偏移量已不在的读者得到 OFFSET_OUT_OF_RANGE：Spark 任务失败，消费者被重置而看不到缺口。",
    },
    setRetention: {
      name: "设置 retention.ms",
      shows: "下次检查时更旧的整段被删除，日志起点后移，慢读者的位置越界。",
    },
    deleteTopic: {
      name: "删除主题",
      shows:
        "读写得到 UNKNOWN_TOPIC_OR_PARTITION；重建的主题从偏移量 0 开始，沿用旧偏移量的读者越界。",
    },
    allowUnclean: {
      name: "允许不干净选举",
      shows:
        "没有同步副本时由不同步的副本领导（此前已无首领的，等控制器下次检查，默认五分钟）：已确认的记录丢失，它们的偏移量给了别的记录。",
    },
    duplicateRequests: {
      name: "重复请求",
      shows:
        "这批记录在日志里出现两次；若生产者幂等，broker 按序号认出第二次，不再写入，并以第一次的偏移量应答。",
    },
    delayRequests: {
      name: "请求延迟",
      shows:
        "同一连接上排在后面的请求一起等待；超过 request.timeout.ms 就重发，而原来那份迟到：" +
        "幂等时按序号认出或判为乱序，否则在更新的记录之后再写一次。",
    },
    reorderRequests: {
      name: "请求乱序",
      shows:
        "后发的一批先写入日志；幂等生产者会收到 OUT_OF_ORDER_SEQUENCE_NUMBER 并重发；" +
        "max.in.flight 为 1 时不可能乱序。",
    },
    holdMetadata: {
      name: "元数据陈旧",
      shows:
        "leader 移动后客户端仍去找旧的：NOT_LEADER_OR_FOLLOWER 或连不上，反复重试，直到得知新的 leader。",
    },
    throttleClient: {
      name: "客户端限流",
      shows:
        "最近十秒的速率超出配额时，生产者得到应答后有一段时间不被处理；读取在速率降下来之前什么也拿不到；" +
        "没有失败，只有变慢。",
    },
    unplugBroker: {
      name: "拔掉 broker",
      shows:
        "与断电崩溃一样，它被隔离并由其他副本领导；但没有连接被关闭，等待应答的一方要到 request.timeout.ms 才知道。",
    },
    dropReplies: {
      name: "丢失应答",
      shows:
        "客户端什么也听不到，request.timeout.ms 之后放弃连接并重发：这批记录在日志里出现两次；" +
        "若生产者幂等，broker 按序号认出它，以第一次的偏移量应答。",
    },
    breakConnections: {
      name: "连接断开",
      shows:
        "发往该 broker 的所有未完成请求立即以 NETWORK_EXCEPTION 失败，无论是否已执行，然后重发：" +
        "除非生产者幂等，否则会写两次。",
    },
    breakSink: {
      name: "输出端失败",
      shows:
        "foreachPartition 与 foreach 的任务失败并重试；失败前写出的会再写一次；超过 spark.task.maxFailures 次批次失败。",
    },
    heatKey: {
      name: "热键",
      shows: "一个分区增长得比其他快，按键分组的阶段里有一个任务比其他久。",
    },
    delayRecords: {
      name: "迟到的记录",
      shows:
        "它们的时间戳早于前面的记录；DStream 仍把它们算进到达时的批次；按时间的保留会看时间戳。",
    },
    sendOversized: {
      name: "过大的记录",
      shows:
        "超过 max.message.bytes 时生产者得到 MESSAGE_TOO_LARGE 并放弃；不超过则整条读出，即使超过拉取上限。",
    },
    sendPoison: {
      name: "毒记录",
      shows:
        "解析不了它的函数抛错：任务失败 spark.task.maxFailures 次，批次随之失败，每次重启都一样，直到程序跳过它。",
    },
    crashCoordinator: {
      name: "协调者崩溃",
      shows:
        "客户端得到 NOT_COORDINATOR 并找到下一个；它已从日志读回代数、偏移量和事务的决定，一切仍在。",
    },
    crashProducer: {
      name: "生产者崩溃",
      shows:
        "未发出的记录丢失，已开始的事务仍然打开：read_committed 停在最后稳定偏移量，直到事务超时，或它回来后中止自己的事务。",
    },
    doubleProducer: {
      name: "同一生产者启动两次",
      shows:
        "有事务 ID 时，第二个得到更高的纪元，第一个被隔离，此后写的都不算；没有事务 ID 时两个都在写。",
    },
    crashConsumer: {
      name: "消费者崩溃",
      shows:
        "它的分区无人读取，直到 session.timeout.ms 过去；之后别的成员从上次提交处接着读，中间读过的会再读一次。",
    },
    closeConsumer: {
      name: "关闭消费者",
      shows: "它离开组，组立即再均衡；静态成员不离开，若在 session.timeout.ms 之内回来就不再均衡。",
    },
    stallConsumer: {
      name: "消费者停顿",
      shows:
        "超过 max.poll.interval.ms 后它离开组，别的成员从它上次提交处接着读；醒来后它的提交被拒绝，只好重新加入。",
    },
    shakeGroup: {
      name: "反复重启消费者",
      shows:
        "一代接一代：eager 成员每次交出全部分区，几乎读不到数据；cooperative 成员保留自己的分区。",
    },
  },
  fields: {
    atMs: "时间",
    afterSeq: "事件",
    producer: "生产者",
    consumer: "消费者",
    everyMs: "间隔毫秒",
    of: "哪一种",
    name: "名称",
    broker: "broker",
    executor: "executor",
    topic: "主题",
    partition: "分区",
    partitions: "分区数",
    forMs: "持续毫秒",
    downMs: "停机毫秒",
    backMs: "恢复前毫秒",
    loses: "丢失什么",
    exit: "如何结束",
    times: "次数",
    error: "错误",
    conf: "设置",
    gracefully: "是否优雅",
    speedPercent: "速度百分比",
    writeMs: "写入毫秒",
    shuffle: "混洗",
    latencyMs: "延迟毫秒",
    delayMs: "延迟毫秒",
    bytesPerSecond: "每秒字节数",
    a: "一端",
    b: "另一端",
    from: "一端",
    to: "另一端",
    group: "消费者组",
    client: "客户端",
    transactionalId: "事务 ID",
    id: "事务 ID",
    batch: "批次",
    output: "输出",
    task: "任务",
    stage: "阶段",
    job: "作业",
    attempt: "第几次",
    lossPercent: "丢包百分比",
    byMs: "毫秒",
    count: "个数",
    key: "键",
    value: "值",
    percent: "百分比",
    when: "写之前还是之后",
    sizeBytes: "字节",
    retentionMs: "保留毫秒",
    beforeOffset: "偏移量",
    minInsyncReplicas: "最少同步副本",
    state: "状态",
    does: "动作",
  },
  moments: {
    output: "某批次的输出",
    batch: "某批次的状态",
    commit: "某批次的提交",
    checkpoint: "某批次的检查点",
    task: "任务",
    stage: "阶段",
    job: "作业",
    driver: "driver 启动",
    transaction: "事务",
    group: "消费者组",
    broker: "broker 状态",
  },
};
