"""The first group's real page, with all that is odd about it."""

from datetime import date
from pathlib import Path

from bot.domain.page import PageLink, ParsedPage, Problem
from bot.publish.markdown import parse, write
from storage.enums import LinkKind, MeetingKind, Role

REAL = (Path(__file__).parent.parent / "data" / "2025-fall.md").read_bytes().decode()

TALKS = [
    (
        "2026-01-20",
        "SOSP 2025",
        (
            "DiffKV: Differentiated Memory Management for Large Language Models"
            " with Parallel KV Compaction"
        ),
        "Chengru Yang, Jiawei Yi",
    ),
    (
        "2026-01-20",
        "SOSP 2025",
        ("LithOS: An Operating System for Efficient Machine Learning on GPUs"),
        "Qingyuan Chen",
    ),
    ("2026-01-13", "arXiv None", "REFRAG: Rethinking RAG based Decoding", "Bosen Yang"),
    (
        "2026-01-13",
        "SOSP 2025",
        ("TrainVerify: Equivalence-Based Verification for Distributed LLM Training"),
        "Chenhan Wang, Luofan Chen",
    ),
    (
        "2026-01-06",
        "SOSP 2025",
        ("Jenga: Effective Memory Management for Serving LLM with Heterogeneity"),
        "Mingxuan Liu (Northwestern Polytechnical University)",
    ),
    (
        "2026-01-06",
        "arXiv None",
        ("Prism: Unleashing GPU Sharing for Cost-Efficient Multi-LLM Serving"),
        "Mingxuan Liu (Northwestern Polytechnical University)",
    ),
    (
        "2025-12-30",
        "SOSP 2025",
        ("HedraRAG: Co-Optimizing Generation and Retrieval for Heterogeneous RAG Workflows"),
        "Chao Bi",
    ),
    (
        "2025-12-30",
        "SOSP 2025",
        ("METIS: Fast Quality-Aware RAG Systems with Configuration Adaptation"),
        "Xiaoqi Li",
    ),
    (
        "2025-12-23",
        "SOSP 2025",
        ("KTransformers: Unleashing the Full Potential of CPU/GPU Hybrid Inference for MoE Models"),
        "ZhiHao Le",
    ),
    (
        "2025-12-23",
        "arXiv None",
        ("Tally: Non-Intrusive Performance Isolation for Concurrent Deep Learning Workloads"),
        "Jiaqi Ruan, Jia He",
    ),
    (
        "2025-12-16",
        "OSDI 2025",
        "NanoFlow: Towards Optimal Large Language Model Serving Throughput",
        "Yinhe Chen, Dongqi Tian",
    ),
    (
        "2025-12-16",
        "arXiv None",
        ("IC-Cache: Efficient Large Language Model Serving via In-context Caching"),
        "Sen Han",
    ),
    (
        "2025-12-02",
        "arXiv None",
        ("dInfer: An Efficient Inference Framework for Diffusion Language Models"),
        "Yuxin Ma (Ant Group)",
    ),
    (
        "2025-12-02",
        "arXiv None",
        "Kimi Linear: An Expressive, Efficient Attention Architecture",
        "Ping Gong, Xin Ren",
    ),
    (
        "2025-11-25",
        "None None",
        (
            "ROLL: An Efficient and User-Friendly Scaling Library for"
            " Reinforcement Learning with Large Language Models"
        ),
        "Wei Gao (Alibaba ROLL)",
    ),
    (
        "2025-11-25",
        "SOSP 2025",
        ("Spirit: Fair Allocation of Interdependent Resources in Remote Memory Systems"),
        "Yicheng Zhang",
    ),
    (
        "2025-11-18",
        "arXiv None",
        ("HydraServe: Minimizing Cold Start Latency for Serverless LLM Serving in Public Clouds"),
        "Jiyang Wang",
    ),
    (
        "2025-11-18",
        "SOSP 2025",
        "Pie: A Programmable Serving System for Emerging LLM Applications",
        "Shen Fu, Zewen Jin",
    ),
    (
        "2025-11-11",
        "arXiv None",
        ("FalconFS: Distributed File System for Large-Scale Deep Learning Pipeline"),
        "chi zhang, Jiahao Li",
    ),
    (
        "2025-11-04",
        "OSDI 2025",
        ("Enabling Efficient GPU Communication over Multiple NICs with FuseLink"),
        "Haiquan Wang, Tonghuan Xiao, Jiahui Tan",
    ),
    ("2025-11-04", "arXiv None", "Fast-dLLM v2: Efficient Block-Diffusion LLM", "Xiliang Xian"),
    (
        "2025-10-28",
        "arXiv None",
        ("Shift Parallelism: Low-Latency, High-Throughput LLM Inference for Dynamic Workloads"),
        "Jiaan Zhu, Qinghe Wang, Long Zhao",
    ),
    (
        "2025-10-21",
        "arXiv None",
        (
            "ServeGen: Workload Characterization and Generation of Large"
            " Language Model Serving in Production"
        ),
        "Zijian Dai",
    ),
    (
        "2025-09-29",
        "None None",
        ("Mantle: Efficient Hierarchical Metadata Management for Cloud Object Storage Services"),
        "Jiahao Li",
    ),
    (
        "2025-09-16",
        "None None",
        "Kick-off meeting",
        "Youhui Bai, Zhihui Chen, Ouxiang Zhou, Ruibo Liu",
    ),
]


def test_the_real_page_gives_every_talk_with_its_date_venue_and_presenters() -> None:
    found = [
        (
            meeting.date.isoformat(),
            f"{slot.talk.venue} {slot.talk.year}",
            slot.talk.title,
            ", ".join(one.in_full for one in slot.talk.presenters),
        )
        for meeting in parse(REAL).page.meetings
        for slot in meeting.slots
        if slot.talk is not None
    ]
    assert found == TALKS


def test_the_real_page_has_15_meetings_25_talks_and_their_links() -> None:
    meetings = parse(REAL).page.meetings
    slots = [slot for meeting in meetings for slot in meeting.slots]
    links = [link for slot in slots if slot.talk for link in slot.talk.links]
    kinds = [link.kind for link in links]
    assert (len(meetings), len(slots)) == (15, 25)
    assert (kinds.count(LinkKind.VIDEO), kinds.count(LinkKind.SLIDES), len(kinds)) == (16, 14, 30)
    assert sum(slot.talk is not None and slot.talk.url is None for slot in slots) == 2
    assert [slot.topic for slot in slots].count("Topic I") == 10
    assert [slot.topic for slot in slots].count(None) == 5
    assert PageLink(LinkKind.SLIDES, "./slides/251216_Nanoflow.pdf") in links
    assert PageLink(LinkKind.VIDEO, "https://www.bilibili.com/video/BV1v91TBbEhW?t=8.9") in links


def test_the_real_page_has_one_main_presenter_for_each_talk() -> None:
    slots = [slot for meeting in parse(REAL).page.meetings for slot in meeting.slots]
    roles = [[one.role for one in slot.talk.presenters] for slot in slots if slot.talk]
    assert all(
        found == [Role.MAIN] + [Role.SUPPORTER] * (len(found) - 1) and found for found in roles
    )


def test_the_real_page_has_two_problems_and_says_on_which_lines() -> None:
    video = "https://www.bilibili.com/video/BV19RBzBaEWp?t=1.2"
    assert parse(REAL).problems == (
        Problem(59, "c", "This line is no paper, presenter, link or special meeting."),
        Problem(
            64,
            f"- [📕 slides](./slides/),[📺 video]({video})",
            "The slides are not there yet: the link leads to a folder, not to a file.",
        ),
    )


def test_the_real_page_has_two_special_meetings() -> None:
    specials = [one for one in parse(REAL).page.meetings if one.kind is MeetingKind.SPECIAL]
    assert [(one.date, one.title) for one in specials] == [
        (date(2025, 9, 29), "SOSP Rehearsal"),
        (date(2025, 9, 16), "Kick-off meeting"),
    ]


def test_the_real_pages_texts_are_repaired_and_stay_markdown() -> None:
    page = parse(REAL).page
    assert page.title == "2025 Fall"
    assert page.requirements.startswith("- We focus on the latest papers from SOSP and OSDI, as")
    assert "analysis of the paper’s strengths" in page.requirements
    assert page.other_information.count('target="_blank">') == 2
    assert page.other_information.endswith("as soon as possible.")


def test_the_real_page_written_and_read_again_is_the_same_without_problems() -> None:
    page = parse(REAL).page
    clean = write(page)
    assert parse(clean) == ParsedPage(page, ())
    assert write(parse(clean).page) == clean
