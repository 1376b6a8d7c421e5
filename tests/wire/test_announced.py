"""A reply says by many names that it is one page of several, and none of them is missed."""

from typing import Any

import pytest

from billfold.wire.announced import announced_pages, in_body
from billfold.wire.announced_in_headers import in_headers, says_pages
from billfold.wire.decoding import decode_with_tree

ROWS = [{"id": "a"}, {"id": "b"}]
LINKS = [{"rel": "self", "href": "/p?1"}]
NEXT_LINKS = [*LINKS, {"rel": "next", "href": "/p?2"}]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"items": ROWS, "nextPageToken": "x"}, "`$.nextPageToken` points at a next page"),
        ({"items": ROWS, "next_page_token": "x"}, "`$.next_page_token` points at a next page"),
        ({"items": ROWS, "next": "/v1/items?after=b"}, "`$.next` points at a next page"),
        ({"items": ROWS, "next_cursor": "c"}, "`$.next_cursor` points at a next page"),
        ({"items": ROWS, "next_page": 2}, "`$.next_page` points at a next page"),
        ({"items": ROWS, "next_url": "u"}, "`$.next_url` points at a next page"),
        ({"data": ROWS, "links": {"next": "u"}}, "`$.links.next` points at a next page"),
        ({"data": ROWS, "_links": {"next": {"href": "u"}}}, "`$._links.next` points at a next"),
        ({"data": ROWS, "paging": {"cursors": {"after": "c"}}}, "`$.paging.cursors.after` points"),
        ({"data": ROWS, "link": {"next": "u"}}, "`$.link.next` points at a next page"),
        ({"data": ROWS, "paging_state": "c"}, "`$.paging_state` points at a next page"),
        ({"data": ROWS, "meta": {"pageState": "c"}}, "`$.meta.pageState` points at a next page"),
        ({"data": ROWS, "nextCursorMark": "c"}, "`$.nextCursorMark` points at a next page"),
        ({"data": ROWS, "full_count": 9}, "`$.full_count` states 9 rows"),
        ({"data": ROWS, "paging": {"next": "u"}}, "`$.paging.next` points at a next page"),
        ({"data": ROWS, "pageInfo": {"hasNextPage": True}}, "`$.pageInfo.hasNextPage` points"),
        ({"data": ROWS, "has_more": True}, "`$.has_more` points at a next page"),
        ({"data": ROWS, "truncated": True}, "`$.truncated` points at a next page"),
        ({"data": {"items": ROWS, "next": "x"}}, "`$.data.next` points at a next page"),
        ({"items": ROWS, "truncated": True}, "`$.truncated` points at a next page"),
        (
            {"data": [{"jobs": [], "jobs_truncated": False}, {"jobs": [], "jobs_truncated": True}]},
            "`$.data[1].jobs_truncated` points at a next page",
        ),
        (
            {"data": [{"jobs": ROWS, "jobs_next_cursor": "c"}]},
            "`$.data[0].jobs_next_cursor` points at a next page",
        ),
        (
            {"builds": [{"jobs": ROWS}] * 25 + [{"jobs": ROWS, "jobs_truncated": True}]},
            "`$.builds[25].jobs_truncated` points at a next page",
        ),
        (
            {"builds": [{}] * 25 + [{"jobs": ROWS, "jobs_omitted": 3}]},
            "`$.builds[25].jobs_omitted` points at a next page",
        ),
        ({"usage": ROWS, "usage_next": "/p?2"}, "`$.usage_next` points at a next page"),
        ({"usage": ROWS, "usage_cursor": "c"}, "`$.usage_cursor` points at a next page"),
        ({"usage": ROWS, "usage_links": NEXT_LINKS}, "`$.usage_links` points at a next page"),
        (
            {"data": {"attributes": {"products": ROWS, "products_next": {"href": "/p?2"}}}},
            "`$.data.attributes.products_next` points at a next page",
        ),
        ({"data": [{"jobs": ROWS, "jobs_next": 2}]}, "`$.data[0].jobs_next` points at a next page"),
        ({"data": [{"jobs": ROWS, "jobs_marker": "u2"}]}, "`$.data[0].jobs_marker` points at a"),
        ({"data": [{"jobs": ROWS, "jobs_links": NEXT_LINKS}]}, "`$.data[0].jobs_links` points at"),
        ({"data": [{"jobs": ROWS, "links": NEXT_LINKS}]}, "`$.data[0].links` points at a next"),
        ({"data": [{"jobs": ROWS, "next": "/p?2"}]}, "`$.data[0].next` points at a next page"),
        ({"data": [{"jobs": ROWS, "next": {"href": "/p"}}]}, "`$.data[0].next` points at a next"),
        ({"builds": [{"jobs": ROWS, "jobs_count": 5}]}, "`$.builds[0].jobs_count` states 5 rows"),
        (
            {"builds": [{"jobs": ROWS, "num_jobs": "5"}]},
            "`$.builds[0].num_jobs` states 5 rows, and",
        ),
        ({"builds": [{"jobs": ROWS, "total_jobs": 5}]}, "`$.builds[0].total_jobs` states 5 rows"),
        ({"builds": [{"jobs": ROWS, "jobs_total": 3}]}, "`$.builds[0].jobs_total` states 3 rows"),
        ({"builds": [{"jobs": ROWS, "more_jobs": True}]}, "`$.builds[0].more_jobs` points at a"),
        ({"builds": [{"jobs": ROWS, "next_jobs_cursor": "c"}]}, "`$.builds[0].next_jobs_cursor`"),
        (
            {"builds": [{"jobs": ROWS, "jobs_pagination": {"next_cursor": "c"}}]},
            "`$.builds[0].jobs_pagination.next_cursor` points at a next page",
        ),
        (
            {"builds": [{"jobs": ROWS, "jobs_page_info": {"has_next_page": True}}]},
            "`$.builds[0].jobs_page_info.has_next_page` points at a next page",
        ),
        (
            {"builds": [{"jobs": ROWS, "jobs_page": {"next": "/jobs?page=2"}}]},
            "`$.builds[0].jobs_page.next` points at a next page",
        ),
        (
            {"builds": [{"jobs": ROWS, "jobs_links": {"next": "/jobs?page=2"}}]},
            "`$.builds[0].jobs_links.next` points at a next page",
        ),
        (
            {"builds": [{"jobs": ROWS, "jobs_meta": {"total_count": 5}}]},
            "`$.builds[0].jobs_meta.total_count` states 5 rows, and 2 were read",
        ),
        (
            {"builds": [{"jobs": ROWS}, {"jobs": ROWS, "next_cursor": "x"}]},
            "`$.builds[1].next_cursor` points at a next page",
        ),
        ({"builds": [{"jobs": ROWS, "has_more": True}]}, "`$.builds[0].has_more` points at a next"),
        (
            {"builds": [{"jobs": ROWS, "truncated": True}]},
            "`$.builds[0].truncated` points at a next",
        ),
        ({"builds": [{"jobs": ROWS, "next_page": 2}]}, "`$.builds[0].next_page` points at a next"),
        (
            {"builds": [{"jobs": ROWS, "links": {"self": "/b/1", "next": "/b/1?page=2"}}]},
            "`$.builds[0].links.next` points at a next page",
        ),
        (
            {"builds": [{"jobs": ROWS, "pageInfo": {"hasNextPage": True}}]},
            "`$.builds[0].pageInfo.hasNextPage` points at a next page",
        ),
        ({"builds": ROWS, "total_builds": 9}, "`$.total_builds` states 9 rows, and 2 were read"),
        ({"builds": ROWS, "builds_total": 9}, "`$.builds_total` states 9 rows, and 2 were read"),
        (
            {"data": [{"build_id": "a"}], "number_of_builds": 9},
            "`$.number_of_builds` states 9 rows",
        ),
        ({"data": [{"build_id": "a"}], "builds_total": 9}, "`$.builds_total` states 9 rows, and 1"),
        ({"data": [{"entry_id": "a"}], "total_entries": 9}, "`$.total_entries` states 9 rows"),
        (
            {"data": {"products": ROWS, "total_products": 5}},
            "`$.data.total_products` states 5 rows, and 2 were read",
        ),
        (
            {"data": {"products": ROWS, "products_page": {"next": "/p?page=2"}}},
            "`$.data.products_page.next` points at a next page",
        ),
        (
            {"products": ROWS, "fees": ROWS * 2, "products_meta": {"total_count": 3}},
            "`$.products_meta.total_count` states 3 rows, and 2 were read",
        ),
        ({"data": ROWS, "data_page": {"next": "/v1/x"}}, "`$.data_page.next` points at a next"),
        ({"items": ROWS, "more": True}, "`$.more` points at a next page"),
        ({"items": ROWS, "page": 1, "per_page": 2}, "`$.per_page` states pages of 2 rows, and"),
        ({"items": ROWS, "meta": {"pageSize": "2"}}, "`$.meta.pageSize` states pages of 2 rows"),
        ({"items": ROWS, "paging": {"page": 1, "limit": 2}}, "`$.paging.limit` states pages of 2"),
        ({"items": ROWS, "limit": 2, "offset": 0}, "`$.limit` states pages of 2 rows, and this"),
        ({"items": ROWS, "paging": {"remaining": 4}}, "`$.paging.remaining` points at a next"),
        ({"items": ROWS, "size": 2, "total": 9}, "`$.total` states 9 rows, and 2 were read"),
        ({"items": ROWS, "items_count": 9}, "`$.items_count` states 9 rows, and 2 were read"),
        ({"items": ROWS, "meta": {"itemCount": 9}}, "`$.meta.itemCount` states 9 rows, and 2"),
        ({"items": ROWS, "resultCount": 9}, "`$.resultCount` states 9 rows, and 2 were read"),
        ({"items": ROWS, "fees": ROWS[:1], "num_fees": 3}, "`$.num_fees` states 3 rows, and 1"),
        ({"items": ROWS, "fees": [], "fees_next_cursor": "c"}, "`$.fees_next_cursor` points"),
        ({"items": ROWS, "hasMoreItems": True}, "`$.hasMoreItems` points at a next page"),
        ({"items": ROWS, "LastEvaluatedKey": {"id": "b"}}, "`$.LastEvaluatedKey` points"),
        ({"items": ROWS, "fees": ROWS[:1], "count": 4}, "`$.count` states 4 rows, and 2 were read"),
        ({"items": ROWS, "count": 5}, "`$.count` states 5 rows, and 2 were read"),
        ({"items": ROWS, "last_page": False}, "`$.last_page` points at a next page"),
        ({"content": ROWS, "last": False, "number": 0}, "`$.last` points at a next page"),
        ({"items": ROWS, "next_page_path": "/v1/items?page=2"}, "`$.next_page_path` points"),
        ({"items": ROWS, "next_page_number": 2}, "`$.next_page_number` points at a next page"),
        ({"records": ROWS, "nextRecordsUrl": "/q/01"}, "`$.nextRecordsUrl` points at a next"),
        ({"items": ROWS, "meta": {"cursor_next": "c"}}, "`$.meta.cursor_next` points"),
        ({"items": ROWS, "pagination_token": "c"}, "`$.pagination_token` points at a next"),
        ({"items": ROWS, "continuation": "c"}, "`$.continuation` points at a next page"),
        ({"items": ROWS, "metadata": {"continue": "c"}}, "`$.metadata.continue` points"),
        ({"items": ROWS, "moreDataAvailable": True}, "`$.moreDataAvailable` points at a next"),
        ({"items": ROWS, "more_records": True}, "`$.more_records` points at a next page"),
        ({"items": ROWS, "incomplete_results": True}, "`$.incomplete_results` points"),
        ({"items": ROWS, "links": [{"rel": "next", "href": "u"}]}, "`$.links` points at a next"),
        ({"hydra:member": ROWS, "hydra:view": {"hydra:next": "u"}}, "`$.hydra:view.hydra:next`"),
        ({"hydra:member": ROWS, "hydra:totalItems": 9}, "`$.hydra:totalItems` states 9 rows"),
        ({"value": ROWS, "@odata.nextLink": "u"}, "`$.@odata.nextLink` points at a next page"),
        ({"items": ROWS, "numFound": 9}, "`$.numFound` states 9 rows, and 2 were read"),
        ({"items": ROWS, "total_hits": 9, "links": [{}] * 9}, "`$.total_hits` states 9 rows"),
        (
            {"data": ROWS, "meta": {"page": {"current": 1, "last": 3}}},
            "`$.meta.page.last` states 3 pages, and this is page 1",
        ),
        (
            {"data": ROWS, "meta": {"pagination": {"page": 2, "pages": 3}}},
            "`$.meta.pagination.pages` states 3 pages, and this is page 2",
        ),
        ({"data": ROWS, "page": 1, "pages": "2"}, "`$.pages` states 2 pages, and this is page 1"),
        ({"data": ROWS, "total_pages": 2}, "`$.total_pages` states 2 pages, and this is page 1"),
        ({"data": ROWS, "meta": {"current_page": 1, "last_page": 4}}, "`$.meta.last_page` states"),
        ({"data": ROWS, "total_count": 80}, "`$.total_count` states 80 rows, and 2 were read"),
        ({"data": ROWS, "meta": {"pagination": {"total": 80}}}, "`$.meta.pagination.total` states"),
        ({"data": ROWS, "limit": 2, "total": 9}, "`$.total` states 9 rows, and 2 were read"),
        ({"data": ROWS, "count": 9, "limit": 2, "offset": 0}, "`$.count` states 9 rows, and 2"),
        ({"data": ROWS, "meta": {"stats": {"total": {"count": 3}}}}, "`$.meta.stats.total.count`"),
        ({"items": ROWS, "partial": True}, "`$.partial` says that this is not all"),
        ({"items": ROWS, "meta": {"complete": False}}, "`$.meta.complete` says that this is not"),
        ({"items": ROWS, "limit_reached": True}, "`$.limit_reached` says that this is not all"),
        ({"items": ROWS, "meta": {"capped": True}}, "`$.meta.capped` says that this is not all"),
        ({"items": ROWS, "resultsTruncated": True}, "`$.resultsTruncated` says that this is not"),
        ({"items": ROWS, "max_items_exceeded": True}, "`$.max_items_exceeded` says that this is"),
        ({"items": ROWS, "rows_omitted": 3}, "`$.rows_omitted` says that this is not all"),
        ({"items": ROWS, "has_more_results": True}, "`$.has_more_results` points at a next page"),
        ({"items": ROWS, "end_of_list": False}, "`$.end_of_list` points at a next page"),
        ({"data": ROWS, "count": 2, "total_count": 9}, "`$.total_count` states 9 rows, and 2"),
        ({"data": ROWS, "meta": {"count": 2, "total": 9}}, "`$.meta.total` states 9 rows, and 2"),
        ({"data": ROWS, "result_info": {"page": 1, "total_pages": 4}}, "`$.result_info.total_pa"),
        ({"data": ROWS, "partial": "true"}, "`$.partial` says that this is not all"),
        ({"data": ROWS, "list_complete": False}, "`$.list_complete` says that this is not all"),
        ({"data": ROWS, "bookmark": "x"}, "`$.bookmark` points at a next page"),
        ({"data": ROWS, "pages_left": 2}, "`$.pages_left` says that this is not all"),
        ({"data": ROWS, "load_more": True}, "`$.load_more` points at a next page"),
        ({"data": ROWS, "count_total": 9}, "`$.count_total` states 9 rows, and 2 were read"),
        ({"data": ROWS, "not_all": True}, "`$.not_all` says that this is not all"),
        ({"items": ROWS, "items_capped": True}, "`$.items_capped` says that this is not all"),
        ({"builds": [{"jobs": ROWS, "jobs_omitted": 4}]}, "`$.builds[0].jobs_omitted` points at"),
        ({"objects": ROWS, "cursor": "c"}, "`$.cursor` points at a next page"),
        ({"items": ROWS, "marker": "b"}, "`$.marker` points at a next page"),
        ({"items": ROWS, "meta": {"cursor": "c"}}, "`$.meta.cursor` points at a next page"),
        ({"results": ROWS, "hits": 80}, "`$.hits` states 80 rows, and 2 were read"),
        ({"documents": ROWS, "found": 80}, "`$.found` states 80 rows, and 2 were read"),
        ({"data": ROWS, "pagination": {"next_start": 100}}, "`$.pagination.next_start` points"),
        ({"data": ROWS, "next_index": 2}, "`$.next_index` points at a next page"),
        ({"data": ROWS, "next_request": "/v1/x"}, "`$.next_request` points at a next page"),
        ({"data": ROWS, "navigation": {"next": "/v1/x"}}, "`$.navigation.next` points at a next"),
        ({"data": ROWS, "has_further_pages": True}, "`$.has_further_pages` points at a next"),
        ({"hits": ROWS, "scroll_id": "c"}, "`$.scroll_id` points at a next page"),
        ({"data": ROWS, "meta": {"page_token": "c"}}, "`$.meta.page_token` points at a next"),
        ({"data": ROWS, "items_total": 9}, "`$.items_total` states 9 rows, and 2 were read"),
        (
            {"data": ROWS, "pages": {"next": {"page": 2, "starting_after": "b"}, "total_pages": 2}},
            "`$.pages.next` points at a next page",
        ),
        ({"data": ROWS, "pages": [{"rel": "next", "href": "/p?2"}]}, "`$.pages` points at a next"),
        (
            {"data": ROWS, "list_metadata": {"after": "b", "before": None}},
            "`$.list_metadata.after`",
        ),
        ({"data": ROWS, "listMetadata": {"after": "b"}}, "`$.listMetadata.after` points at a next"),
        ({"data": ROWS, "metadata": {"resultset": {"count": 999, "limit": 25}}}, "`$.metadata.res"),
        (
            {"results": ROWS, "info": {"count": 826, "pages": 42, "next": "/p?2", "prev": None}},
            "`$.info.next` points at a next page",
        ),
        ({"data": ROWS, "batch": {"next": "b"}}, "`$.batch.next` points at a next page"),
        ({"data": ROWS, "slice": {"number": 1, "next": 2}}, "`$.slice.next` points at a next page"),
        ({"data": {"fees": ROWS}, "scroll": {"next": "b"}}, "`$.scroll.next` points at a next"),
        ({"data": ROWS, "total_page": 3}, "`$.total_page` states 3 pages, and this is page 1"),
        ({"results": ROWS, "info": {"count": 3}}, "`$.info.count` states 3 rows, and 2 were read"),
        ({"data": ROWS, "$skipToken": "b"}, "`$.$skipToken` points at a next page"),
        ({"data": ROWS, "after_cursor": "b"}, "`$.after_cursor` points at a next page"),
        ({"data": ROWS, "bookmark_next": "b"}, "`$.bookmark_next` points at a next page"),
        ({"data": ROWS, "size_limit_exceeded": True}, "`$.size_limit_exceeded` says that this is"),
        ({"_embedded": {"fees": ROWS}, "_links": {"next": [{"href": "/p?2"}]}}, "`$._links.next`"),
        ({"data": {"attributes": {"fees": ROWS}}, "next": "/p?2"}, "`$.next` points at a next"),
        ({"data": {"attributes": {"fees": ROWS}}, "total_pages": 2}, "`$.total_pages` states 2"),
        ({"data": {"fees": ROWS}, "is_last_page": False}, "`$.is_last_page` points at a next"),
        ({"data": [{"jobs": ROWS, "pager": {"next": 2}}]}, "`$.data[0].pager.next` points at a"),
    ],
)
def test_more_pages_are_seen_by_any_name(body: Any, words: str) -> None:
    found = announced_pages(body)
    assert found is not None
    assert found.startswith(words)


_PAGING = ("page", "pages", "paging", "pagination", "paginate", "paginator", "pager", "pagy")
_ABOUT_PAGES = (*_PAGING, "result_set", "list_meta", "search_metadata", "response_info")
_WORDS = {"next": "b", "after": "b", "next_cursor": "b", "has_more": True, "total_pages": 2}


def _spelled(words: str) -> tuple[str, ...]:
    camel = "".join(word.title() for word in words.split("_"))
    return (words, words.upper(), camel, camel[:1].lower() + camel[1:], f"_{words}", f"${words}")


@pytest.mark.parametrize("around", _ABOUT_PAGES)
@pytest.mark.parametrize("word", _WORDS)
def test_an_object_that_is_called_paging_is_heard_in_any_spelling(around: str, word: str) -> None:
    for name in _spelled(around):
        for key in _spelled(word):
            assert announced_pages({"rows": ROWS, name: {key: _WORDS[word]}}) is not None
            assert announced_pages({"rows": ROWS, "meta": {name: {key: _WORDS[word]}}}) is not None
            assert announced_pages({"rows": ROWS, name: {key: None}}) is None


@pytest.mark.parametrize(
    "beside",
    [
        {"documentation": {"links": {"next": "https://docs.example/next-steps"}}},
        {"meta": {"documentation": {"url": "/docs", "links": {"next": "/docs/2"}}}},
        {"pages": {"next": None, "page": 2, "total_pages": 2}},
        {"list_metadata": {"after": None, "before": "a"}},
        {"meta": {"has_more": False, "after_cursor": "b", "before_cursor": "a"}},
        {"page_info": {"has_next_page": False, "end_cursor": "b"}},
        {"info": {"count": 2, "pages": 1, "next": None}},
        {"info": {"next": "2026-12-01", "version": 3, "pages": 12}},
        {"_links": {"self": [{"href": "/p?1"}], "next": []}},
        {"batch": {"id": 7, "next": "2026-12-01", "total": 80}},
        {"batch": {"next": None, "number": 3}},
        {"$skipToken": None},
    ],
)
def test_an_object_beside_rows_that_is_about_other_things_announces_nothing(beside: Any) -> None:
    assert announced_pages({"rows": ROWS} | beside) is None


@pytest.mark.parametrize(
    "body",
    [
        {"items": ROWS},
        {"items": ROWS, "next": None},
        {"items": ROWS, "more": False, "remaining": 0, "count": 2},
        {"items": ROWS, "fees": ROWS[:1], "count": 3},
        {"items": ROWS, "fees": ROWS[:1], "meta": {"count": 1}, "fees_count": 1, "num_items": 2},
        {"builds": [{"jobs": ROWS}, {"jobs": ROWS}], "count": 4},
        {"builds": [{"jobs": ROWS, "jobs_count": 2, "total_jobs": 2, "more_jobs": False}]},
        {"builds": [{"jobs": ROWS, "jobs_page": {"next": None}, "jobs_meta": {"total_count": 2}}]},
        {"builds": [{"jobs": ROWS, "job_number": 7, "next_job_id": 8, "jobs_total": "80.00"}]},
        {"builds": [{"jobs": None, "jobs_count": 5}, {"pagination": {"next": "x"}}, None]},
        {
            "builds": [
                {"jobs": ROWS, "next_cursor": None, "has_more": False, "links": {"self": "/b"}}
            ]
        },
        {"builds": [{"name": "a long text, cut", "truncated": True}]},  # of a text
        {"builds": [{"tags": ["a", "b"], "truncated": True}]},  # whose rows are no objects
        {"products": ROWS, "products_links": {"next": None}, "products_total": 2},
        {"products": ROWS, "fees": ROWS * 2, "products_meta": {"total_count": 2}},
        {"data": [{"build_id": "a"}], "build_count": 9, "total_builds": 1},  # which is read
        {"items": ROWS, "next_cursor": ""},
        {"items": ROWS, "links": [{"rel": "self", "href": "u"}, {"rel": "next", "href": None}]},
        {"items": ROWS, "metadata": {"continue": "", "remainingItemCount": 0}},
        {"hydra:member": ROWS, "hydra:totalItems": 2, "hydra:view": {"hydra:last": "u"}},
        {"items": ROWS, "more_items": False, "incomplete_results": False, "numFound": 2},
        {"items": ROWS, "has_more": False, "nextPageToken": "null", "truncated": False},
        {"data": ROWS, "links": {"next": None, "last": "https://api.example/v1/items?page=3"}},
        {"data": ROWS, "_links": {"next": {"href": None}}},
        {"data": ROWS, "meta": {"page": {"current": 3, "last": 3}}},
        {"data": ROWS, "page": 2, "pages": 2},
        {"data": ROWS, "total_count": 2},
        {"data": ROWS, "cursor": "c", "has_more": False},
        {"data": ROWS, "scroll_id": "c", "total_count": 2},
        {"data": ROWS, "page_token": "c", "next_page_token": None},
        {"data": ROWS, "next_start": "2026-12-05T10:00:00Z"},
        {"data": {"attributes": {"next_start": 5, "page_token": "c", "scroll_id": "c"}}},
        {"data": ROWS, "next_cursor": None, "cursor": "c", "marker": "b"},
        {"data": ROWS, "cursor": "c", "links": {"next": None}},
        {"data": ROWS, "meta": {"cursor": "c", "total_count": 2}},
        {"items": ROWS, "cursor": None, "marker": "", "hits": 2},
        {"content": ROWS, "size": 50},
        {"items": ROWS, "page": 1, "per_page": 50},
        {"items": ROWS, "page_size": 2, "next": None},
        {"items": ROWS, "meta": {"page": 1, "per_page": 2, "total_pages": 1}},
        {"items": ROWS, "limit": 2, "offset": 0, "count": 2},
        {"items": ROWS, "per_page": 2, "has_more": False},
        {"items": [], "page": 1, "per_page": 0},
        {"items": ROWS, "partial": False, "complete": True, "incomplete": None},
        {"items": ROWS, "limit_reached": False, "capped": False, "rows_omitted": 0},
        {"items": ROWS, "partial": "false", "list_complete": "true", "results_left": 0},
        {"items": ROWS, "meta": {"count": 2, "total": 2}, "bookmark": "x", "has_more": False},
        {"items": ROWS, "eof": True, "no_more_results": True, "exhaustive": True},
        {"content": ROWS, "number": 0, "totalPages": 1, "last": True},
        ROWS,
        None,
    ],
)
def test_a_last_or_only_page_announces_nothing(body: Any) -> None:
    assert announced_pages(body) is None


@pytest.mark.parametrize(
    "body",
    [
        {"usage": ROWS, "total": 80},
        {"usage": ROWS, "total": 80, "limit": 500},
        {"usage": ROWS, "limit": 2, "size": 2},
        {"usage": ROWS, "remaining": 2, "meta": {"limit": 100, "remaining": 97}},
        {
            "usage": ROWS,
            "next": "2026-12-01T00:00:00Z",
            "after": "2026-10-01",
            "last": "2026-11-28",
        },
        {"usage": ROWS, "spending_limit_reached": True, "credit_exhausted": False, "cutoff": 5},
        {"usage": ROWS, "stats": {"count": 2, "total": 80}, "credit_remaining": 5, "data_left": 3},
        {"id": "RE-1", "capped": True, "limit_reached": True, "omitted": 4},
        {"usage": ROWS, "usage_total": 80, "node_count": 12, "count_of_nodes": 12},
        {"credits": ROWS, "credits_total": 80, "total_credits": 80},
        {"products": ROWS, "products_total": "80.00", "total_products": "80.00"},
        {"rows": [{"fees": ROWS, "total_fees": 80, "fees_total": 80}]},
        {"id": "RE-1", "pages": 3, "items": ROWS},
        {"id": "RE-1", "marker": "x", "hits": 9, "partial": True},
        {"items": ROWS, "partial": "12.00", "complete": "no"},
        {"usage": ROWS, "meta": {"total": "80.00"}},
        {
            "usage": ROWS,
            "next_invoice_id": "x",
            "next_billing_date": "2026-12-01",
            "next_number": 4,
        },
        {"id": "RE-1", "pages": 3, "next": "2026-12-01"},
        {"rows": [{"next": "x", "total_count": 9, "has_more": True}]},
        {"rows": [{"notes": [], "truncated": True, "notes_truncated": False}]},
        {"rows": [{"payments": ROWS, "next_payment": "2026-12-01", "next_payment_at": "x"}]},
        {"rows": [{"jobs": ROWS, "more": "see portal"}], "next": "in a month"},
        {"rows": [{"fees": ROWS, "next": "2026-12-01", "links": LINKS, "fees_links": LINKS}]},
        {"rows": [{"links": NEXT_LINKS, "tags": ["a"]}]},
        {"rows": [{"fees": ROWS, "fees_next": "", "fees_cursor": "c", "fees_has_more": False}]},
        {"rows": [{"fees": ROWS, "fees_next": "2026-12-01", "fees_after": 80}]},
        {"fees": ROWS, "fees_next": "2026-12-01", "fees_links": LINKS, "fees_after": 80},
        {"fees": ROWS, "fees_next": "80.00", "fees_links": {"self": "/p?1"}},
        {"fees": ROWS, "fees_cursor": "c", "next_cursor": None},
        {"projects": {f"p{n}": {"next": "x", "total_count": 9} for n in range(100)}},
    ],
)
def test_money_documents_and_rows_do_not_look_like_pages(body: Any) -> None:
    assert announced_pages(body) is None


BILL = {"type": "usage", "attributes": {"period": {"start": "2026-10-01"}, "products": ROWS[:1]}}
NO_LINES = {"type": "usage", "attributes": {"products": []}}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"data": BILL, "meta": {"total_count": 2}}, "`$.meta.total_count` states 2 rows, and 1"),
        (
            {"data": NO_LINES, "meta": {"total_count": 2}},
            "`$.meta.total_count` states 2 rows, and 0",
        ),
        (
            {"data": BILL, "meta": {"stats": {"total": {"count": 2}}}},
            "`$.meta.stats.total.count` states 2 rows, and 1 was read",
        ),
        (
            {"data": BILL, "meta": {"pagination": {"total": 2, "per_page": 1}}},
            "`$.meta.pagination.total` states 2 rows, and 1 was read",
        ),
        ({"data": BILL, "meta": {"per_page": 1, "total": 2}}, "`$.meta.total` states 2 rows"),
        (
            {"data": BILL, "meta": {"total_count": 4}, "links": {"self": "u"}, "jsonapi": {"v": 1}},
            "`$.meta.total_count` states 4 rows, and 1 was read",
        ),
        (
            {"data": {**BILL, "attributes": {**BILL["attributes"], "total_items": 2}}, "meta": {}},
            "`$.data.attributes.total_items` states 2 rows, and 1 was read",
        ),
        (
            {"data": ROWS[:1], "included": ROWS, "meta": {"total_count": 2}},
            "`$.meta.total_count` states 2 rows, and 1 was read",
        ),
        (
            {"usage": {"lines": ROWS[:1]}, "org": {"id": "o"}, "total_count": 2},
            "`$.total_count` states 2 rows, and 1 was read",
        ),
    ],
)
def test_what_stands_around_rows_is_not_counted_as_one(body: Any, words: str) -> None:
    found = announced_pages(body)
    assert found is not None
    assert found.startswith(words)


def test_a_header_counts_the_rows_inside_an_envelope() -> None:
    said = in_headers({"X-Total-Count": "2"}, (), 200, {"data": BILL, "meta": {}})
    assert said is not None
    assert said.unread() == "the header `X-Total-Count` states 2 rows, and 1 was read"


def test_the_entries_of_a_map_are_rows() -> None:
    projects = {"p1": {"cost": 1}, "p2": {"cost": 2}}
    assert announced_pages({"projects": projects, "total_count": 2}) is None
    assert announced_pages({"projects": projects, "total_count": 3}) is not None


def test_rows_may_stand_under_the_name_of_what_is_around_them() -> None:
    assert announced_pages({"stats": ROWS, "total_count": 2}) is None
    assert announced_pages({"page": {"content": ROWS, "total_count": 2}}) is None
    assert announced_pages({"page": {"content": ROWS, "total_count": 3}}) is not None


def test_a_total_in_an_object_beside_the_list_is_not_how_long_it_is() -> None:
    body = {"items": ROWS, "quota": {"total": 500}}
    assert announced_pages(body, counts={"total"}) is None
    assert announced_pages(body | {"meta": {"total": 500}}, counts={"total"}) is not None


def test_who_knows_the_rows_and_what_counts_them_says_so() -> None:
    assert announced_pages({"projects": {"a": 1, "b": 2}, "total_count": 2}, shown=2) is None
    assert announced_pages({"invoices": ROWS, "total": 3}, counts={"total"}) == (
        "`$.total` states 3 rows, and 2 were read"
    )


def test_of_a_list_read_to_its_end_only_what_is_beyond_is_unread() -> None:
    last = in_body({"movements": ROWS, "pages": 3, "total_count": 6})
    assert last is not None
    assert last.unread(rows=6, page=3) is None
    assert last.unread(rows=6, page=2) == "`$.pages` states 3 pages, and this is page 2"
    assert last.unread(rows=5, page=3) == "`$.total_count` states 6 rows, and 5 were read"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("x-ms-continuation", "c", "the header `x-ms-continuation` points at a next page"),
        ("Pagination-Count", "80", "the header `Pagination-Count` states 80 rows, and 2 were read"),
        ("X-Pagination", '{"TotalCount": 80, "PageSize": 2}', "`X-Pagination` states 80 rows"),
        ("X-Pagination", '{"CurrentPage": 1, "TotalPages": 3}', "`X-Pagination` states 3 pages"),
        ("X-Pagination", '{"next": "/lines?page=2"}', "`X-Pagination` points at a next page"),
        ("X-Pagination", '{"TotalCount": 2, "TotalPages": 1}', None),
        ("X-Pagination", "2 of 3", None),
        ("X-Count", "80", None),
        ("X-Record-Count", "80", "the header `X-Record-Count` states 80 rows, and 2 were read"),
        ("X-Cursor-Next", "c", "the header `X-Cursor-Next` points at a next page"),
        ("X-Next", "/v1/x?page=2", "the header `X-Next` points at a next page"),
        ("X-Items-Total", "80", "the header `X-Items-Total` states 80 rows, and 2 were read"),
        *(
            (name, "80", f"the header `{name}` states 80 rows, and 2 were read")
            for name in (
                *("X-Items-Count", "X-Records-Count", "X-Paging-TotalRecordCount"),
                *("X-Paging-Total", "X-Acme-Items-Count", "X-Pagination-Total"),
            )
        ),
        *(
            (name, "3", f"the header `{name}` states 3 pages, and this is page 1")
            for name in (
                *("X-Paging-PageCount", "X-Paging-TotalPages", "X-Pages-Count", "X-Page-Total"),
                *("X-PageMax", "X-Max-Page", "X-Acme-Paging-PageCount", "X-Pagination-Page-Count"),
            )
        ),
        ("X-Paging-Next", "/v1/x?page=2", "the header `X-Paging-Next` points at a next page"),
        ("X-Pagination-Token", "b", "the header `X-Pagination-Token` points at a next page"),
        ("X-Items-Count", "2", None),
        ("X-Paging-PageCount", "1", None),
        ("X-Page-Total", "12.50", None),
        ("X-RateLimit-Total", "80", None),
        ("X-Acme-Next-Page", "2", "the header `X-Acme-Next-Page` points at a next page"),
        ("X-Acme-Total-Count", "80", "the header `X-Acme-Total-Count` states 80 rows"),
        ("Content-Range", "0-1/80", "the header `Content-Range` points at a next page"),
        ("Content-Range", "items=0-1/80", "the header `Content-Range` points at a next page"),
        ("X-Partial", "true", "the header `X-Partial` says that this is not all"),
        ("X-Acme-Partial-Results", "1", "the header `X-Acme-Partial-Results` points"),
        ("X-Results-Truncated", "True", "`X-Results-Truncated` says that this is not all"),
        ("X-Complete", "false", "the header `X-Complete` says that this is not all"),
        ("X-Rows-Omitted", "3", "the header `X-Rows-Omitted` says that this is not all"),
        ("X-Collection-Total", "80", "the header `X-Collection-Total` states 80 rows, and 2"),
        ("X-List-Total", "80", "the header `X-List-Total` states 80 rows, and 2 were read"),
        ("Next-Range", "id ]5..; max=1000", "the header `Next-Range` points at a next page"),
        ("X-Collection-Total", "2", None),
        ("X-Partial", "false", None),
        ("X-Complete", "true", None),
        ("X-Rows-Omitted", "0", None),
        ("X-Rate-Limit-Reached", "true", None),
        ("Content-Range", "bytes 0-190/191", None),
        ("Content-Range", "bytes 0-190/400", "the header `Content-Range` points at a next page"),
    ],
)
def test_headers_announce_pages_in_words_of_their_own(
    name: str, value: str, words: str | None
) -> None:
    headers = {name: value}
    said = says_pages(headers, 200) and in_headers(headers, (), 200, {"data": ROWS})
    unread = said.unread() if said else None
    assert unread is None if words is None else words in (unread or "")


@pytest.mark.parametrize("number", ["1e18", "1e400", "1e5000", "1e999999999", "-1e999999999"])
def test_a_count_that_nobody_can_have_counted_is_none(number: str) -> None:
    body = f'{{"items": [], "total_count": {number}, "meta": {{"pages": {number}}}}}'.encode()
    assert announced_pages(decode_with_tree(body, dict)[1]) is None


@pytest.mark.parametrize("number", ["3", "3.0", "3e0", '"3"'])
def test_a_count_is_read_however_it_is_written(number: str) -> None:
    body = f'{{"items": [], "total_count": {number}}}'.encode()
    said = "`$.total_count` states 3 rows, and 0 were read"
    assert announced_pages(decode_with_tree(body, dict)[1]) == said


@pytest.mark.parametrize("key", ["items_links", "itemsLinks", "item_links"])
def test_links_beside_a_list_are_no_rows_of_it(key: str) -> None:
    links = [{"rel": rel, "href": f"/items?{rel}"} for rel in ("self", "first", "last")]
    whole = {"items": ROWS, key: links, "total_count": 2}
    assert announced_pages(whole) is None
    # Two rows of three: the three links are none.
    assert announced_pages(whole | {"total_count": 3}) is not None
    # Where nothing else is listed, they may be what was asked for.
    assert announced_pages({"uplinks": links, "total_count": 3}) is None
