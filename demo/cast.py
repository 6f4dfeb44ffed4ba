"""The demo cast: invented people in the positions that the plans name. All have the same password, on loopback only."""

from dataclasses import dataclass

PASSWORD = "shuozhou-demo"


@dataclass(frozen=True)
class Person:
    """One person of the cast and the positions held."""

    username: str
    name: str
    posts: tuple[str, ...]
    about: str  # what this login is good for, in the tour


# The few positions that no plan names: key, name, unit, may several hold it, function.
OWN_POSITIONS = (
    ("desk.officer", "市应急指挥中心值班员", "emergency", True, "desk"),
    ("desk.auditor", "审计员", "audit", True, "audit"),
    ("desk.appointments", "任免管理员", "city_government_office", True, "appoint"),
)

LEADS = (
    Person("desk", "周值班", ("desk.officer",), "值班员：接报、记录情况、提建议"),
    Person("zhang", "张局长", ("emergency.head",), "市指挥部办公室主任：四级响应由他决定，三级由他报请"),
    Person("li", "李副市长", ("vice_mayor",), "指挥长：三级响应由他决定，二级、一级由他提请，宣布结束"),
    Person("wang", "王市长", ("commander_in_chief",), "市应急救援总指挥部总指挥：二级、一级响应由他决定"),
    Person("hao", "郝副市长", ("vice_mayor_emergency",), "分管应急的副市长：两位指挥长的预案里的一位"),
    Person("jin", "靳副市长", ("vice_mayor_natural_resources",), "分管自然资源的副市长：另一位"),
    Person("deputy", "赵副秘书长", ("deputy_secretary_general",), "副指挥长"),
    Person("chen", "陈副局长", ("emergency.deputy",), "市应急局副局长：监测评估组组长"),
    Person("liang", "梁副主任", ("development_reform.deputy",), "市发改委副主任：安置救助组组长之一"),
    Person("meng", "孟副部长", ("propaganda_dept.deputy",), "市委宣传部副部长：新闻宣传组组长"),
    Person("auditor", "郑审计", ("desk.auditor",), "审计员：什么都能看，什么都不能做"),
    Person("appoint", "冯管理", ("desk.appointments",), "任免管理员"),
)

_SURNAMES = (
    "吴徐孙马朱胡郭何高林罗谢宋唐许邓韩曹彭曾萧田董潘袁蔡蒋余于杜叶程"
    "魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白"
)
SHOWN_UNITS = ("transport", "health", "fire_rescue", "industry_it", "yingxian", "shanyin")


def unit_people(units: list[tuple[str, str]]) -> list[Person]:
    """One person a unit, its head, for every unit whose head nobody above is. units: (key, name) in order."""
    taken = {post for person in LEADS for post in person.posts}
    return [
        Person(key, f"{_SURNAMES[place % len(_SURNAMES)]}负责人", (f"{key}.head",), f"{name}：签收通知、办理任务")
        for place, (key, name) in enumerate(units)
        if f"{key}.head" not in taken
    ]
