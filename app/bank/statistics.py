"""``dryrun bank stats``: how the bank covers the outlines, and how it looks from the surface."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from app.bank.content import OPTION_IDS, ItemContent, word_count
from app.bank.outline import ExamSpec, domain_of, task_of
from app.bank.solvers import solver_scores


def statistics_text(items: Sequence[ItemContent], exams: Mapping[str, ExamSpec]) -> str:
    """Return the figures of these items as text for a terminal."""
    if not items:
        return "No items."
    lines = [f"{len(items)} items", ""]
    lines += _count_lines("status", Counter(item.status for item in items), len(items))
    lines += _count_lines("kind", Counter(item.kind for item in items), len(items))
    lines += ["", *_angoff_lines(items), "", *_text_lines(items), ""]
    lines += _count_lines("first service", Counter(item.services[0] for item in items), len(items))
    for exam in exams.values():
        lines += ["", *_coverage_lines(items, exam)]
    lines += ["", "surface solvers on single items (chance 25%)"]
    lines += [
        f"  {score.name:<28}{float(score.share):6.1%}  limit {score.limit:.1%}"
        for score in solver_scores(items)
    ]
    return "\n".join(lines)


def _count_lines(title: str, counts: Counter[str], total: int) -> Iterator[str]:
    yield title
    for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])):
        yield f"  {name:<28}{count:4}  {count / total:4.0%}"


def _angoff_lines(items: Sequence[ItemContent]) -> Iterator[str]:
    ratings = [item.angoff for item in items]
    yield f"Angoff ratings: mean {sum(ratings) / len(ratings):.1f}"
    bands = {
        "80 and more (about 30%)": sum(rating >= 80 for rating in ratings),
        "60 to 75 (about 50%)": sum(60 <= rating <= 75 for rating in ratings),
        "55 and less (about 20%)": sum(rating <= 55 for rating in ratings),
    }
    for name, count in bands.items():
        yield f"  {name:<28}{count:4}  {count / len(ratings):4.0%}"


def _text_lines(items: Sequence[ItemContent]) -> Iterator[str]:
    stems = [word_count(item.stem) for item in items]
    options = [word_count(option.text) for item in items for option in item.options]
    code = sum(
        "```" in item.stem or any("```" in option.text for option in item.options) for item in items
    )
    keys = Counter("".join(item.key for item in items))
    stem_mean, option_mean = sum(stems) / len(stems), sum(options) / len(options)
    yield f"words per stem {stem_mean:.1f}, per option {option_mean:.1f}"
    yield f"items with code {code / len(items):.0%}"
    yield "right letters " + ", ".join(f"{letter} {keys[letter]}" for letter in OPTION_IDS)


def _coverage_lines(items: Sequence[ItemContent], exam: ExamSpec) -> Iterator[str]:
    skills = Counter(skill for item in items if (skill := item.first_skill(exam.code)))
    touched = Counter(
        entry.partition("/")[2]
        for item in items
        for entry in item.outline
        if entry.startswith(f"{exam.code}/")
    )
    total = sum(skills.values())
    yield f"{exam.code}: {total} items, by first skill (in brackets: by any skill)"
    for domain in exam.domains:
        count = sum(n for skill, n in skills.items() if domain_of(skill) == domain.code)
        share = count / total if total else 0
        yield f"  {domain.code}  {count:3}  {share:5.1%} of {domain.weight}%  {domain.name}"
        for task in domain.tasks:
            count = sum(n for skill, n in skills.items() if task_of(skill) == task.code)
            yield f"    {task.code}  {count:3}  {task.name}"
            each = (
                f"{skill.code} {skills[skill.code]} ({touched[skill.code]})"
                for skill in task.skills
            )
            yield "         " + ", ".join(each)
