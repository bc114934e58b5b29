"""The roles of folders by their names: many languages, many programs, and folders that only look like one of them."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from connectors.formats import folder_roles
from connectors.formats.folder_roles import may_be_unsent, role_of
from connectors.mail import Role

NAMES = tomllib.loads((Path(folder_roles.__file__).parent / "folder_names.toml").read_text(encoding="utf-8"))
UNREAD = {"drafts", "junk", "trash"}


@pytest.mark.parametrize(
    "name",
    [
        "Drafts", "Draft", "DRAFTS", "Entwürfe", "Entwurfe", "Entwuerfe", "Brouillons", "Borradores", "Bozze", "Rascunhos", "Concepten",
        "Kladder", "Utkast", "Luonnokset", "Szkice", "Wersje robocze", "Kopie robocze", "Koncepty", "Rozepsané", "Piszkozatok", "Ciorne",
        "Schițe", "Чернови", "Черновики", "Чернетки", "Skice", "Osnutki", "Πρόχειρα", "Taslaklar", "Mustandid", "Melnraksti",
        "Juodraščiai", "下書き", "草稿", "草稿箱", "임시 보관함", "المسودات", "טיוטות", "ร่างจดหมาย", "Thư nháp", "Konsep", "Esborranys",
        "Drafts (This computer only)", "[Gmail]/Brouillons", "[Google Mail]/Entwürfe", "INBOX.Drafts", "INBOX/Drafts", "Drafts|template",
        "Drafts.Old.2024", "INBOX/Entwürfe/Angebote",
    ],
)  # fmt: skip
def test_drafts_are_known_in_every_spelling(name: str) -> None:
    assert role_of(name) is Role.DRAFTS
    assert may_be_unsent(name)


@pytest.mark.parametrize(
    "name",
    [
        "Trash", "Papierkorb", "Gelöschte Objekte", "Gelöschte Elemente", "Geloeschte Elemente", "Corbeille", "Éléments supprimés",
        "Papelera", "Cestino", "Lixeira", "Itens Excluídos", "Prullenbak", "Kosz", "Papperskorgen", "Papirkurv", "Slettet post",
        "Roskakori", "Koš", "Odstraněná pošta", "Kuka", "Törölt elemek", "Coș de gunoi", "Корзина", "Удаленные", "Кошик", "Кошче",
        "Smeće", "Smeti", "Κάδος απορριμμάτων", "Çöp Kutusu", "Silinmiş Öğeler", "Prügikast", "Šiukšliadėžė", "ごみ箱", "ゴミ箱",
        "已删除邮件", "刪除的郵件", "휴지통", "المهملات", "Thùng rác", "Deleted Messages", "[Gmail]/Bin", "Trash/Acme/2024",
    ],
)  # fmt: skip
def test_trash_is_known_in_every_spelling(name: str) -> None:
    assert role_of(name) is Role.TRASH


@pytest.mark.parametrize(
    "name",
    [
        "Junk", "Spam", "Junk-E-Mail", "Junk E-mail", "Junk Email", "Spamverdacht", "Courrier indésirable", "Correo no deseado",
        "Posta indesiderata", "Lixo Eletrônico", "Ongewenste e-mail", "Wiadomości-śmieci", "Skräppost", "Uønsket e-mail", "Søppelpost",
        "Roskaposti", "Nevyžádaná pošta", "Levélszemét", "Спам", "Нежелательная почта", "İstenmeyen Posta", "迷惑メール", "垃圾邮件",
        "스팸", "Bulk Mail", "[Gmail]/Spam",
    ],
)  # fmt: skip
def test_junk_is_known_in_every_spelling(name: str) -> None:
    assert role_of(name) is Role.JUNK


@pytest.mark.parametrize(
    "name",
    [
        "Sent", "Sent Items", "Sent Items1", "Sent 2024", "Sent.2024", "Gesendete Objekte", "Éléments envoyés", "Messages envoyés",
        "Elementos enviados", "Posta inviata", "Itens Enviados", "Verzonden items", "Wysłane", "Wyslane", "Elementy wysłane", "Skickat",
        "Sendt post", "Lähetetyt", "Odeslaná pošta", "Elküldött elemek", "Отправленные", "Надіслані", "Gönderilmiş Öğeler",
        "Απεσταλμένα", "送信済み", "已发送", "보낸 편지함", "[Gmail]/Sent Mail", "INBOX.Sent",
    ],
)  # fmt: skip
def test_sent_mail_is_known_in_every_spelling(name: str) -> None:
    assert role_of(name) is Role.SENT
    assert not may_be_unsent(name)


@pytest.mark.parametrize(
    "name",
    ["Outbox", "Postausgang", "Boîte d'envoi", "Bandeja de salida", "Templates", "Vorlagen", "Modèles", "Scheduled", "Geplant",
     "Programmés", "Unsent Messages", "Old drafts", "Entwürfe 2025", "Szkice i oferty", "Исходящие", "送信トレイ", "定时发送",
     "Kunden/Vorlagen", "Conversation History", "Unterhaltungsverlauf", "Sync Issues/Local Failures"],
)  # fmt: skip
def test_a_folder_of_mail_that_waits_is_read_and_proves_nothing(name: str) -> None:
    assert role_of(name) is Role.OTHER, "a client's mail may be filed under such a name"
    assert may_be_unsent(name)


@pytest.mark.parametrize(
    "name",
    [
        "Projects",
        "Klienci",
        "Kunden & Verträge",
        "Clients/Acme",
        "Draught beer",
        "Sentinel",
        "Návrhy",
        "Nacrti",
        "Snoozed",
        "Bulk",
        "Scheduled visits",
        "",
    ],
)
def test_a_folder_of_another_name_is_for_anything(name: str) -> None:
    assert role_of(name) is Role.OTHER
    assert not may_be_unsent(name)


@pytest.mark.parametrize(
    "name", ["Archive", "Archiv", "Arquivo", "Archiwum", "[Gmail]/All Mail", "[Gmail]/Alle Nachrichten", "Archive/2025"]
)
def test_archives_are_read(name: str) -> None:
    assert role_of(name) is Role.ARCHIVE


def test_no_name_stands_under_two_kinds_unless_both_are_unread() -> None:
    kinds: dict[str, set[str]] = {}
    for kind, by_language in NAMES.items():
        for name in (name for names in by_language.values() for name in names):
            kinds.setdefault(folder_roles._key(name), set()).add(kind)
    assert {name: kind for name, kind in kinds.items() if len(kind) > 1 and not kind <= UNREAD} == {}


@pytest.mark.parametrize("kind", ["sent", "drafts", "junk", "trash", "archive", "outbox", "templates", "scheduled"])
def test_every_kind_is_named_in_thirty_languages(kind: str) -> None:
    assert len(NAMES[kind]) >= 30


@pytest.mark.parametrize(
    "name", ["/" * 100_000, "Drafts/" * 50_000, "(" * 100_000, "\u0301" * 100_000, "9" * 100_000, "\ud800.\x00"]
)
def test_no_name_takes_long(name: str) -> None:
    assert role_of(name) in Role
    assert may_be_unsent(name) in {True, False}
