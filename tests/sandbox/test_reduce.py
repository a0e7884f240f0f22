from bot.sandbox.methods import METHODS
from bot.sandbox.reduce import reduced
from bot.sandbox.schema import Schema

STRING = {"types": ["String"], "required": True}


def test_what_the_methods_need_is_kept_and_of_others_the_name() -> None:
    inner = {"fields": {"again": {"types": ["Outer"], "required": False}}}
    full = {
        "version": "Bot API 1",
        "methods": {
            name: {"parameters": {"given": {"types": ["Array of Outer"], "required": False}}}
            for name in METHODS
        }
        | {"other": {"parameters": {"given": {"types": ["Unused"], "required": True}}}},
        "types": {
            "Outer": {"fields": {}, "one_of": ["Inner"]},
            "Inner": inner,
            "Unused": {"fields": {"text": STRING}},
        },
    }

    table = reduced(full)

    assert table["names"] == sorted([*METHODS, "other"])
    assert set(table["methods"]) == set(METHODS)
    assert table["types"] == {"Inner": inner, "Outer": {"one_of": ["Inner"]}}


def test_every_type_that_the_table_in_use_names_is_in_it() -> None:
    table = Schema()._table
    fields = [*table["methods"].values(), *(t.get("fields", {}) for t in table["types"].values())]
    named = {name for each in fields for facts in each.values() for name in facts["types"]}
    named |= {name for about in table["types"].values() for name in about.get("one_of", [])}
    plain = {"Integer", "String", "Boolean", "True", "Float", "InputFile"}

    assert {name.rpartition(" of ")[2] for name in named} - plain == set(table["types"]) - plain


def test_every_method_of_the_table_in_use_is_published() -> None:
    table = Schema()._table

    assert set(table["methods"]) <= set(table["names"])


def test_the_table_in_use_has_the_methods_that_there_are() -> None:
    assert set(Schema()._table["methods"]) == set(METHODS)
