"""The server side: reads requests, writes answers; decides nothing about caching."""
