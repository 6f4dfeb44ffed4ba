"""An official text of the tests' own, its lines broken as a text taken out of a page has them, and its plan."""

from typing import Any

from plans import loading
from plans.documents import PlanDocument

from .small_plan import TREE, tree

TEXT = """关于印发洪涝应急预案的通知
试政办发〔2026〕1号
某市人民政府办公室
1 总 则
为了防住洪水,制定
本预案。
2 指挥体系
2.1 指挥部
指挥长:市政府分管副市长。
办公室设在市水利局,下设
10 个小队。
2.2 工作组
2.2.1 综合组
负责汇总。
3 风险防控
查看堤坝。
4 监测预警
报告雨情。
5 响应
5.1 三级
指挥长启动三级响应。重点做好以下工作:
（1）派出工作组,
查看堤坝。
(2) 转移群众。
5.2 四级
办公室主任启动。
5.6 洪水退去,响应结束。
附件: 1.流程图
2.职责
附件1
洪涝流程图
接报
一、二级响应
附件2
指挥机构及职责
机构 职责
副
指
挥
长
市水利局
局长
市防汛指挥部主要职责：统一
指挥防汛。
成
员
市水利局
巡查水库、
堤坝。
机构 职责
成
员
市防汛办 值班。
注：以上含本数。
附件3
一、查看
到现场查看。
二、报告
逐级报告。
附件4
响应条件
四级响应 三级响应
符合以下情形之一时，
启动四级响应：
1.雨量50毫
米以上；
2.24小时不停。
符合以下情形之一时，启动三级响应：
1.死亡3人以上。
注：以上含本数。
某市人民政府办公室
"""
CITES = (
    *("1", "2", "2.1", "2.2", "2.2.1", "5", "5.1", "5.1(1)", "5.1(2)", "5.2", "5.6", "5.7", "附件1"),
    *("附件2", "附件2 市指挥部", "附件2 市水利局", "附件2 市防汛办", "附件3", "附件3 一", "附件3 二"),
    *("附件4", "附件4 四级", "附件4 四级 1", "附件4 四级 2", "附件4 三级", "附件4 三级 1", "解读 1"),
)


def plan(**changes: Any) -> PlanDocument:
    """The small plan with the outline of this text."""
    outline = [{"cite": cite, "heading": cite} for cite in CITES]
    headquarters = {**TREE["headquarters"], "duties": [{"text": "指挥", "cite": "附件2 市指挥部"}]}
    return loading.from_tree(tree(**{"outline": outline, "headquarters": headquarters, **changes}))
