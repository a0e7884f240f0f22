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


def test_the_table_in_use_has_the_methods_that_there_are() -> None:
    assert set(Schema()._table["methods"]) == set(METHODS)
